/* Everything that a plugin may include of the host, in one line. */
#ifndef JUNMAI_JUNMAI_H
#define JUNMAI_JUNMAI_H

#include <junmai/ext/client.h>
#include <junmai/ext/clock.h>
#include <junmai/ext/config.h>
#include <junmai/ext/error.h>
#include <junmai/ext/event.h>
#include <junmai/ext/fd.h>
#include <junmai/ext/http.h>
#include <junmai/ext/log.h>
#include <junmai/ext/message.h>
#include <junmai/ext/metric.h>
#include <junmai/ext/service.h>
#include <junmai/ext/state.h>
#include <junmai/ext/store.h>
#include <junmai/ext/task.h>
#include <junmai/ext/timer.h>
#include <junmai/ext/work.h>
#include <junmai/plugin.h>
#include <junmai/task.h>
#include <junmai/types.h>

#endif
