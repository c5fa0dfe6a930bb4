/* Lanczos, or bicubic where it grows. Worker process only. */
#include "task/resize.h"

VipsImage *resize(VipsImage *image, struct size size, struct fault *fault)
{
    VipsImage *out = NULL;
    double across = (double)size.width / image->Xsize;
    double down = (double)size.height / image->Ysize;
    if (image->Xsize == size.width && image->Ysize == size.height) {
        g_object_ref(image);
        return image;
    }
    if (vips_resize(image, &out, across, "vscale", down, NULL) != 0) {
        fault_set_vips(fault, JM_EINVAL, "the picture cannot be resized");
    }
    return out;
}
