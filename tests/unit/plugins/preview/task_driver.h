/* Runs the task `thumbnail` in the test's own process, as a worker would. */
#ifndef PREVIEW_TESTS_TASK_DRIVER_H
#define PREVIEW_TESTS_TASK_DRIVER_H

#include <jansson.h>
#include <junmai/task.h>
#include <stddef.h>
#include <vips/vips.h>

#define DRIVER_SIZES 3

struct driven {
    jm_status status;
    char reason[512];                  /* "" unless it failed */
    json_t *result;                    /* owned; NULL unless it succeeded */
    VipsImage *pictures[DRIVER_SIZES]; /* 200, 400, 800; NULL unless it succeeded */
};

/* Once, before all others. */
int driver_setup(void **state);

struct driven driver_run_file(const char *path);
struct driven driver_run_bytes(const void *bytes, size_t len);
/* With a request of the test's own. */
struct driven driver_run_request(int fd, const char *request);
void driven_fini(struct driven *driven);

/* Mean difference of two pictures of one size, per band and pixel, 0 to 255. */
double driver_difference(VipsImage *a, VipsImage *b);

/* The colour of a place, in fractions of the picture's size: red, green, blue. */
void driver_colour(VipsImage *image, double x, double y, double rgb_out[3]);

#endif
