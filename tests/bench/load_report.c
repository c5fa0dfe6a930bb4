/* What bench-load has found, as one line of JSON on standard output. */
#include "load.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static double percentile_ms(const struct load *load, double share)
{
    return (double)histogram_percentile(&load->latency, share) / 1000;
}

void load_report(const struct load *load, const struct load_result *result)
{
    unsigned clients = load->options.subscribers + load->options.bystanders;
    double opened_bytes = (double)(result->rss_open_kib - result->rss_before_kib) * 1024;
    double millions = (double)load->deliveries / 1e6;
    json_t *report = json_pack(
        "{s:I, s:i, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:i, s:s}", "deliveries",
        (json_int_t)load->deliveries, "acked", (int)load->acked, "seconds", result->seconds,
        "server_cpu_s", result->server_cpu_s, "cpu_s_per_million",
        millions > 0 ? result->server_cpu_s / millions : 0.0, "acked_per_s",
        result->seconds > 0 ? load->acked / result->seconds : 0.0, "p50_ms",
        percentile_ms(load, 0.5), "p99_ms", percentile_ms(load, 0.99), "p999_ms",
        percentile_ms(load, 0.999), "bytes_per_client", clients > 0 ? opened_bytes / clients : 0.0,
        "rss_kib", (int)result->rss_end_kib, "broken", load->broken);
    char *text = json_dumps(report, JSON_COMPACT | JSON_REAL_PRECISION(6));
    if (!text)
        abort();
    puts(text);
    free(text);
    json_decref(report);
}
