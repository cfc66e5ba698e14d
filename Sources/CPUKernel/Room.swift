// CPUKernel
