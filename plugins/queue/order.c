/* Rank, priority formula, back-off. */
#include "order.h"

#include <junmai/sdk/span.h>

#define HOUR_MS 3600000.0

int64_t order_rank(int64_t created_ms, int32_t priority, int64_t step_ms)
{
    return created_ms - priority * step_ms;
}

static double score_part(double score)
{
    if (score < 0)
        return 5;
    if (score >= 4.5)
        return 10;
    if (score >= 4)
        return 8;
    if (score >= 3.5)
        return 6;
    if (score >= 3)
        return 5;
    return score >= 2 ? 3 : 1;
}

static double context_part(jm_span tag)
{
    static const struct {
        const char *tag;
        double weight;
    } weights[] = {
        {"wedding", 9},          {"event", 8},         {"backlit_portrait", 8}, {"portrait", 7},
        {"low_light_indoor", 7}, {"landscape_sky", 6}, {"landscape", 5},
    };
    for (size_t i = 0; i < JM_COUNT(weights); i++) {
        if (jm_span_is(tag, weights[i].tag))
            return weights[i].weight;
    }
    return 5;
}

int32_t order_formula(const struct order_photo *photo)
{
    double age = 0.1 * (double)photo->age_ms / HOUR_MS;
    double sum = 0.4 * score_part(photo->ai_score) + 0.3 * (age < 2.4 ? age : 2.4) +
                 0.2 * (photo->user_requested ? 9 : 0) + 0.1 * context_part(photo->context_tag);
    /* Sums of tenths come out a hair below a whole number. */
    int32_t priority = (int32_t)(sum + 1e-9);
    if (priority < PRIORITY_MIN)
        return PRIORITY_MIN;
    return priority > PRIORITY_MAX ? PRIORITY_MAX : priority;
}

int64_t order_back_off_ms(int32_t attempt, int64_t base_ms, int64_t cap_ms, double random)
{
    int64_t wait = base_ms;
    for (int32_t i = 1; i < attempt && wait < cap_ms; i++)
        wait *= 2;
    if (wait > cap_ms)
        wait = cap_ms;
    return (int64_t)((double)wait * (0.5 + random / 2));
}
