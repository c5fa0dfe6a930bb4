/* Proportions. Worker process only. */
#include "task/size.h"

#define SIDE_MAX 1000000

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static double factor_of(const struct output *output, struct size whole)
{
    double wanted = output->max_dimension;
    double high = output->max_height > 0 ? output->max_height : wanted;
    bool is_wide = whole.width >= whole.height;
    switch (output->resize) {
    case RESIZE_SHORT:
        return wanted / (is_wide ? whole.height : whole.width);
    case RESIZE_WIDTH:
        return wanted / whole.width;
    case RESIZE_HEIGHT:
        return wanted / whole.height;
    case RESIZE_FIT:
        return smaller(wanted / whole.width, high / whole.height);
    default:
        return wanted / (is_wide ? whole.width : whole.height);
    }
}

/* To the nearest pixel; no side is longer than anything that can be written. */
static int scaled(int length, double factor)
{
    double result = length * factor + 0.5;
    return result < 1 ? 1 : result > SIDE_MAX ? SIDE_MAX : (int)result;
}

struct size size_of_output(const struct output *output, struct size whole)
{
    double factor = output->max_dimension > 0 ? factor_of(output, whole) : 1.0;
    if (factor > 1.0 && !output->enlarge) {
        return whole;
    }
    return (struct size){scaled(whole.width, factor), scaled(whole.height, factor)};
}

int size_decoder_shrink(struct size whole, struct size wanted)
{
    int shrink = 8;
    while (shrink > 1 &&
           (whole.width / shrink < wanted.width || whole.height / shrink < wanted.height)) {
        shrink /= 2;
    }
    return shrink;
}
