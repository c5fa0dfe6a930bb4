/* A driver library of a machine that the tests do not have: one graphics processor, rather warm. */
#include <stdio.h>

struct utilization {
    unsigned gpu, memory;
};

struct memory {
    unsigned long long total, free, used;
};

int nvmlInit_v2(void);
int nvmlShutdown(void);
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device);
int nvmlDeviceGetName(void *device, char *name, unsigned length);
int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius);
int nvmlDeviceGetUtilizationRates(void *device, struct utilization *utilization);
int nvmlDeviceGetMemoryInfo(void *device, struct memory *memory);

static int only_device;

int nvmlInit_v2(void)
{
    return 0;
}

int nvmlShutdown(void)
{
    return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device)
{
    *device = &only_device;
    return index == 0 ? 0 : 2;
}

int nvmlDeviceGetName(void *device, char *name, unsigned length)
{
    snprintf(name, length, "Test GPU");
    return device == &only_device ? 0 : 2;
}

int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius)
{
    *celsius = 78;
    return device == &only_device && sensor == 0 ? 0 : 2;
}

int nvmlDeviceGetUtilizationRates(void *device, struct utilization *utilization)
{
    *utilization = (struct utilization){42, 10};
    return device == &only_device ? 0 : 2;
}

int nvmlDeviceGetMemoryInfo(void *device, struct memory *memory)
{
    *memory = (struct memory){8192ull << 20, 6144ull << 20, 2048ull << 20};
    return device == &only_device ? 0 : 2;
}
