/* NVML, as its documentation describes the functions. */
#include "gpu.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define LIBRARY "libnvidia-ml.so.1"
#define MIB 1048576.0
#define SENSOR_GPU 0

struct utilization {
    unsigned gpu, memory; /* percent */
};

struct memory {
    unsigned long long total, free, used; /* bytes */
};

/* Functions return 0 on success. A pointer from dlsym() becomes a function by copying its bytes. */
static bool find(const struct gpu_driver *driver, const char *name, void *function_out)
{
    void *symbol = driver->library == NULL ? NULL : dlsym(driver->library, name);
    memcpy(function_out, &symbol, sizeof symbol);
    return symbol != NULL;
}

static void load(struct gpu_driver *driver)
{
    int (*init)(void) = NULL;
    driver->tried = true;
    driver->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (driver->library != NULL && (!find(driver, "nvmlInit_v2", &init) || init() != 0)) {
        dlclose(driver->library);
        driver->library = NULL;
    }
}

static bool measure(const struct gpu_driver *driver, struct gpu *gpu)
{
    int (*get_device)(unsigned, void **) = NULL;
    int (*get_name)(void *, char *, unsigned) = NULL;
    int (*get_temperature)(void *, int, unsigned *) = NULL;
    int (*get_utilization)(void *, struct utilization *) = NULL;
    int (*get_memory)(void *, struct memory *) = NULL;
    void *device = NULL;
    unsigned celsius = 0;
    struct utilization utilization = {0, 0};
    struct memory memory = {0, 0, 0};
    bool complete = find(driver, "nvmlDeviceGetHandleByIndex_v2", &get_device) &&
                    find(driver, "nvmlDeviceGetName", &get_name) &&
                    find(driver, "nvmlDeviceGetTemperature", &get_temperature) &&
                    find(driver, "nvmlDeviceGetUtilizationRates", &get_utilization) &&
                    find(driver, "nvmlDeviceGetMemoryInfo", &get_memory);
    if (!complete || get_device(0, &device) != 0 ||
        get_temperature(device, SENSOR_GPU, &celsius) != 0 ||
        get_utilization(device, &utilization) != 0 || get_memory(device, &memory) != 0)
        return false;
    if (get_name(device, gpu->name, sizeof gpu->name) != 0)
        gpu->name[0] = '\0';
    gpu->temperature_celsius = celsius;
    gpu->load_percent = utilization.gpu;
    gpu->memory_used_mb = (double)memory.used / MIB;
    gpu->memory_total_mb = (double)memory.total / MIB;
    return true;
}

void gpu_read(struct gpu_driver *driver, struct gpu *gpu_out)
{
    *gpu_out = (struct gpu){0};
    if (!driver->tried)
        load(driver);
    if (driver->library == NULL)
        snprintf(gpu_out->message, sizeof gpu_out->message,
                 "this machine has no NVIDIA driver library (%s)", LIBRARY);
    else if (!measure(driver, gpu_out))
        snprintf(gpu_out->message, sizeof gpu_out->message,
                 "the NVIDIA driver does not answer for its first graphics processor");
    else
        gpu_out->available = true;
}

void gpu_fini(struct gpu_driver *driver)
{
    int (*shut_down)(void) = NULL;
    if (driver->library == NULL)
        return;
    if (find(driver, "nvmlShutdown", &shut_down))
        shut_down();
    dlclose(driver->library);
    *driver = (struct gpu_driver){NULL, false};
}
