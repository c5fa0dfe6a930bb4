/* The steps between decoder and encoder. Worker process only. */
#include "task/develop.h"

#include "task/resize.h"
#include "task/sharpen.h"
#include "task/watermark.h"

/* Take a step's input, keep its output. */
static bool step(VipsImage **image, VipsImage *next)
{
    g_object_unref(*image);
    *image = next;
    return next != NULL;
}

/* Turning needs all rows at once, and so does what is drawn over them. */
static bool to_memory(VipsImage **image, struct fault *fault)
{
    if (!step(image, vips_image_copy_memory(*image))) {
        fault_set_vips(fault, JM_EINVAL, "the photograph cannot be decoded");
    }
    return *image != NULL;
}

static VipsImage *turn(VipsImage *image, int orientation, struct fault *fault)
{
    VipsImage *turned = NULL;
    vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
    if (vips_autorot(image, &turned, NULL) != 0) {
        fault_set_vips(fault, JM_EINVAL, "the picture cannot be turned");
    }
    return turned;
}

static VipsImage *sharper(VipsImage *image, int amount, struct fault *fault)
{
    VipsImage *out = sharpen(image, amount);
    if (out == NULL) {
        fault_set_vips(fault, JM_EINVAL, "the picture cannot be sharpened");
    }
    return out;
}

VipsImage *develop(struct source *source, const struct output *output, struct size size,
                   struct fault *fault)
{
    struct size lying = source_is_turned(source) ? size_turned(size) : size;
    bool turns = source->orientation > 1;
    bool marks = output->watermark.wanted;
    VipsImage *image = source_image(source, size, fault);
    if (image == NULL || !step(&image, resize(image, lying, fault)) ||
        !step(&image, colour_convert(image, output->space, output->bit_depth, fault)) ||
        (output->sharpen > 0 && !step(&image, sharper(image, output->sharpen, fault))) ||
        ((turns || marks) && !to_memory(&image, fault)) ||
        (turns && !step(&image, turn(image, source->orientation, fault))) ||
        (turns && marks && !to_memory(&image, fault)) ||
        (marks && !step(&image, watermark_put(image, &output->watermark, output->space, fault)))) {
        return NULL;
    }
    return image;
}
