/* The host's own options: type, default, range and meaning of each. [any] */
#include "host/config/options.h"

#include "host/config/config.h"

#define AT(member) offsetof(struct jmh_config, member)

#define INT(path, member, standard, least, most, meaning)                                   \
    {                                                                                       \
        {path, JM_OPTION_INT, 0, #standard, least, most, NULL, meaning}, JMH_SETTING_INT64, \
            AT(member)                                                                      \
    }
#define LIST(path, member, meaning)                                                        \
    {                                                                                      \
        {path, JM_OPTION_LIST, 0, "[]", 0, 0, NULL, meaning}, JMH_SETTING_LIST, AT(member) \
    }

const struct jmh_setting jmh_settings[] = {
    LIST("listen.bind", listen.bind,
         "Addresses to listen on; empty: 127.0.0.1 and ::1, so that no other machine can connect."),
    {{"listen.port", JM_OPTION_INT, 0, "5100", 0, 65535, NULL, "TCP port; 0: any that is free."},
     JMH_SETTING_INT,
     AT(listen.port)},
    LIST("listen.origins", listen.origins,
         "Web pages that may call this host, as \"https://studio.example:8443\"; those of this "
         "machine always may."),
    LIST("listen.hosts", listen.hosts,
         "Names under which this host may be called, beside localhost and the addresses that it "
         "listens on."),
    {{"listen.compression", JM_OPTION_TEXT, 0, "\"remote\"", 0, 0, "remote|always|never",
      "Which WebSocket clients that offer it (permessage-deflate) get large events compressed: "
      "remote: "
      "those of other machines."},
     JMH_SETTING_COMPRESSION,
     AT(listen.compression)},
    {{"durability", JM_OPTION_TEXT, 0, "\"normal\"", 0, 0, "normal|full",
      "What an acknowledged change survives: normal: the end of the process; full: also a power "
      "cut, at the price of one flush of the disk a turn."},
     JMH_SETTING_FULL,
     AT(durability_full)},
    INT("log.retention_days", log.retention_days, 30, 1, 36500,
        "How long durable events are kept for clients that come back, in days."),
    INT("log.retention_mib", log.retention_mib, 1024, 1, 1048576,
        "How much of the disk durable events may take, in MiB; the oldest go first."),
    INT("log.ring_mib", log.ring_mib, 16, 1, 4096,
        "Memory for the latest events, from which clients are served, in MiB."),
    INT("log.ring_events", log.ring_events, 65536, 1024, 16777216,
        "How many of the latest events are kept in memory at most."),
    INT("limits.clients", limits.clients, 20000, 1, 1000000,
        "Clients that may be connected at once."),
    INT("limits.message_bytes", limits.message_bytes, 65536, 1024, 16777216,
        "Size of a WebSocket message from a client, in bytes."),
    INT("limits.body_bytes", limits.body_bytes, 1048576, 1024, 268435456,
        "Size of the body of a request, in bytes."),
    INT("limits.client_buffer_bytes", limits.client_buffer_bytes, 262144, 16384, 67108864,
        "Answers that may wait for a client that does not read, in bytes; beyond it is closed."),
    INT("limits.stall_timeout_s", limits.stall_timeout_s, 60, 1, 3600,
        "How long a client may read nothing while something waits for it, in seconds."),
    INT("limits.ping_interval_s", limits.ping_interval_s, 25, 1, 3600,
        "How long a connection may be silent before it is pinged, in seconds."),
    INT("limits.ping_timeout_s", limits.ping_timeout_s, 10, 1, 600,
        "How long the answer to a ping may take, in seconds."),
    INT("limits.subscriptions", limits.subscriptions, 64, 1, 64,
        "Channels that one client may subscribe to."),
    INT("limits.header_timeout_s", limits.header_timeout_s, 10, 1, 600,
        "How long the head of a request may take to arrive, in seconds."),
    INT("limits.workers", limits.workers, 0, 0, 256,
        "Worker processes for tasks; 0: one for each processor."),
    INT("limits.task_wall_s", limits.task_wall_s, 300, 1, 86400,
        "How long a task may take unless its plugin says otherwise, in seconds."),
    INT("limits.task_cpu_s", limits.task_cpu_s, 120, 1, 86400,
        "Processor time of a task unless its plugin says otherwise, in seconds."),
    INT("limits.task_memory_mib", limits.task_memory_mib, 2048, 64, 1048576,
        "Memory of a task unless its plugin says otherwise, in MiB."),
    INT("limits.task_queue", limits.task_queue, 10000, 1, 1000000,
        "Tasks that may wait for a worker."),
};

const size_t jmh_setting_count = sizeof jmh_settings / sizeof *jmh_settings;
