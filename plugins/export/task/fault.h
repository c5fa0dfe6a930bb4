/* Why something cannot be rendered: a status and a sentence. Worker process only. */
#ifndef EXPORT_TASK_FAULT_H
#define EXPORT_TASK_FAULT_H

#include <junmai/types.h>

struct fault {
    jm_status status; /* JM_OK while nothing has failed */
    char text[320];
};

/* Says why; the first that is said stays. */
__attribute__((format(printf, 3, 4))) void fault_set(struct fault *fault, jm_status status,
                                                     const char *format, ...);

/* The same with what libvips says, of which its buffer is emptied. */
void fault_set_vips(struct fault *fault, jm_status status, const char *what);

#endif
