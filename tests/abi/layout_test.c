/* The layout of every struct of the ABI, as released with version 1.0. A change here breaks plugins that
 * are out in the world: a table that must grow gets a successor with another id (docs/adr/0001). */
#include <junmai/junmai.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SIZE(type, bytes) assert_int_equal(sizeof(type), bytes)
#define AT(type, member, bytes) assert_int_equal(offsetof(type, member), bytes)

static void roots_are_frozen(void **state)
{
    (void)state;
    SIZE(jm_span, 16);
    AT(jm_span, ptr, 0);
    AT(jm_span, len, 8);
    SIZE(jm_caller, 56);
    AT(jm_caller, size, 0);
    AT(jm_caller, kind, 4);
    AT(jm_caller, name, 8);
    AT(jm_caller, scopes, 24);
    AT(jm_caller, address, 40);
    SIZE(jm_host, 24);
    AT(jm_host, size, 0);
    AT(jm_host, abi_minor, 4);
    AT(jm_host, host_data, 8);
    AT(jm_host, get_extension, 16);
    SIZE(jm_plugin, 56);
    AT(jm_plugin, size, 0);
    AT(jm_plugin, reserved, 4);
    AT(jm_plugin, plugin_data, 8);
    AT(jm_plugin, init, 16);
    AT(jm_plugin, activate, 24);
    AT(jm_plugin, drain, 32);
    AT(jm_plugin, destroy, 40);
    AT(jm_plugin, get_extension, 48);
    SIZE(jm_entry, 32);
    AT(jm_entry, magic, 0);
    AT(jm_entry, size, 4);
    AT(jm_entry, abi_major, 8);
    AT(jm_entry, abi_minor, 10);
    AT(jm_entry, flags, 12);
    AT(jm_entry, manifest, 16);
    AT(jm_entry, create, 24);
    SIZE(jm_task_run, 72);
    AT(jm_task_run, size, 0);
    AT(jm_task_run, fd_count, 4);
    AT(jm_task_run, fds, 8);
    AT(jm_task_run, request, 16);
    AT(jm_task_run, run_data, 32);
    AT(jm_task_run, progress, 40);
    AT(jm_task_run, cancelled, 48);
    AT(jm_task_run, result, 56);
    AT(jm_task_run, fail, 64);
    SIZE(jm_task_def, 16);
    AT(jm_task_def, name, 0);
    AT(jm_task_def, fn, 8);
    SIZE(jm_task_entry, 32);
    AT(jm_task_entry, magic, 0);
    AT(jm_task_entry, size, 4);
    AT(jm_task_entry, abi_major, 8);
    AT(jm_task_entry, abi_minor, 10);
    AT(jm_task_entry, task_count, 12);
    AT(jm_task_entry, tasks, 16);
    AT(jm_task_entry, setup, 24);
}

static void tables_are_frozen(void **state)
{
    (void)state;
    SIZE(jm_client_desc, 40);
    AT(jm_client_desc, size, 0);
    AT(jm_client_desc, reserved, 4);
    AT(jm_client_desc, transport, 8);
    AT(jm_client_desc, caller, 16);
    AT(jm_client_desc, wake, 24);
    AT(jm_client_desc, user, 32);
    SIZE(jm_host_client, 48);
    AT(jm_host_client, size, 0);
    AT(jm_host_client, open, 8);
    AT(jm_host_client, receive, 16);
    AT(jm_host_client, take, 24);
    AT(jm_host_client, acknowledge, 32);
    AT(jm_host_client, close, 40);
    SIZE(jm_host_clock, 24);
    AT(jm_host_clock, size, 0);
    AT(jm_host_clock, utc_ms, 8);
    AT(jm_host_clock, monotonic_ms, 16);
    SIZE(jm_option, 56);
    AT(jm_option, name, 0);
    AT(jm_option, type, 8);
    AT(jm_option, reserved, 12);
    AT(jm_option, default_json, 16);
    AT(jm_option, min, 24);
    AT(jm_option, max, 32);
    AT(jm_option, choices, 40);
    AT(jm_option, help, 48);
    SIZE(jm_host_config, 64);
    AT(jm_host_config, size, 0);
    AT(jm_host_config, declare, 8);
    AT(jm_host_config, get_bool, 16);
    AT(jm_host_config, get_int, 24);
    AT(jm_host_config, get_number, 32);
    AT(jm_host_config, get_text, 40);
    AT(jm_host_config, get_item, 48);
    AT(jm_host_config, data_dir, 56);
    SIZE(jm_host_error, 24);
    AT(jm_host_error, size, 0);
    AT(jm_host_error, last, 8);
    AT(jm_host_error, set, 16);
    SIZE(jm_field, 24);
    AT(jm_field, name, 0);
    AT(jm_field, type, 8);
    AT(jm_field, reserved, 12);
    AT(jm_field, help, 16);
    SIZE(jm_event_type, 56);
    AT(jm_event_type, size, 0);
    AT(jm_event_type, retention, 4);
    AT(jm_event_type, name, 8);
    AT(jm_event_type, channel, 16);
    AT(jm_event_type, conflate_key, 24);
    AT(jm_event_type, help, 32);
    AT(jm_event_type, fields, 40);
    AT(jm_event_type, field_count, 48);
    SIZE(jm_host_event, 40);
    AT(jm_host_event, size, 0);
    AT(jm_host_event, declare_channel, 8);
    AT(jm_host_event, declare_type, 16);
    AT(jm_host_event, publish, 24);
    AT(jm_host_event, inject, 32);
}

static void more_tables_are_frozen(void **state)
{
    (void)state;
    SIZE(jm_host_fd, 24);
    AT(jm_host_fd, size, 0);
    AT(jm_host_fd, watch, 8);
    AT(jm_host_fd, unwatch, 16);
    SIZE(jm_request, 88);
    AT(jm_request, size, 0);
    AT(jm_request, reserved, 4);
    AT(jm_request, id, 8);
    AT(jm_request, method, 16);
    AT(jm_request, path, 32);
    AT(jm_request, query, 48);
    AT(jm_request, body, 64);
    AT(jm_request, caller, 80);
    SIZE(jm_route, 72);
    AT(jm_route, size, 0);
    AT(jm_route, flags, 4);
    AT(jm_route, method, 8);
    AT(jm_route, path, 16);
    AT(jm_route, help, 24);
    AT(jm_route, query, 32);
    AT(jm_route, fn, 40);
    AT(jm_route, user, 48);
    AT(jm_route, body, 56);
    AT(jm_route, answer, 64);
    SIZE(jm_host_http, 80);
    AT(jm_host_http, size, 0);
    AT(jm_host_http, add_route, 8);
    AT(jm_host_http, get_param, 16);
    AT(jm_host_http, get_query, 24);
    AT(jm_host_http, get_header, 32);
    AT(jm_host_http, set_header, 40);
    AT(jm_host_http, respond, 48);
    AT(jm_host_http, respond_error, 56);
    AT(jm_host_http, respond_bytes, 64);
    AT(jm_host_http, respond_file, 72);
    SIZE(jm_host_log, 16);
    AT(jm_host_log, size, 0);
    AT(jm_host_log, write, 8);
    SIZE(jm_message, 88);
    AT(jm_message, size, 0);
    AT(jm_message, reserved, 4);
    AT(jm_message, client, 8);
    AT(jm_message, client_type, 16);
    AT(jm_message, client_name, 32);
    AT(jm_message, caller, 48);
    AT(jm_message, type, 56);
    AT(jm_message, json, 72);
    SIZE(jm_host_message, 24);
    AT(jm_host_message, size, 0);
    AT(jm_host_message, handle, 8);
    AT(jm_host_message, send, 16);
    SIZE(jm_host_metric, 32);
    AT(jm_host_metric, size, 0);
    AT(jm_host_metric, declare, 8);
    AT(jm_host_metric, add, 16);
    AT(jm_host_metric, set, 24);
    SIZE(jm_service_slot, 24);
    AT(jm_service_slot, table, 0);
    AT(jm_service_slot, provider_data, 8);
    AT(jm_service_slot, generation, 16);
}

static void further_tables_are_frozen(void **state)
{
    (void)state;
    SIZE(jm_host_service, 24);
    AT(jm_host_service, size, 0);
    AT(jm_host_service, provide, 8);
    AT(jm_host_service, require, 16);
    SIZE(jm_plugin_state, 32);
    AT(jm_plugin_state, size, 0);
    AT(jm_plugin_state, version, 4);
    AT(jm_plugin_state, oldest, 8);
    AT(jm_plugin_state, reserved, 12);
    AT(jm_plugin_state, save, 16);
    AT(jm_plugin_state, load, 24);
    SIZE(jm_value, 40);
    AT(jm_value, type, 0);
    AT(jm_value, reserved, 4);
    AT(jm_value, integer, 8);
    AT(jm_value, real, 16);
    AT(jm_value, bytes, 24);
    SIZE(jm_exec_result, 16);
    AT(jm_exec_result, changes, 0);
    AT(jm_exec_result, last_row_id, 8);
    SIZE(jm_migration, 16);
    AT(jm_migration, version, 0);
    AT(jm_migration, reserved, 4);
    AT(jm_migration, sql, 8);
    SIZE(jm_host_store, 32);
    AT(jm_host_store, size, 0);
    AT(jm_host_store, migrate, 8);
    AT(jm_host_store, exec, 16);
    AT(jm_host_store, after_commit, 24);
    SIZE(jm_task, 88);
    AT(jm_task, size, 0);
    AT(jm_task, priority, 4);
    AT(jm_task, name, 8);
    AT(jm_task, label, 16);
    AT(jm_task, request, 24);
    AT(jm_task, fds, 40);
    AT(jm_task, fd_count, 48);
    AT(jm_task, wall_ms, 52);
    AT(jm_task, cpu_ms, 56);
    AT(jm_task, memory_mib, 60);
    AT(jm_task, progress, 64);
    AT(jm_task, done, 72);
    AT(jm_task, user, 80);
    SIZE(jm_host_task, 24);
    AT(jm_host_task, size, 0);
    AT(jm_host_task, run, 8);
    AT(jm_host_task, cancel, 16);
    SIZE(jm_host_timer, 24);
    AT(jm_host_timer, size, 0);
    AT(jm_host_timer, start, 8);
    AT(jm_host_timer, stop, 16);
    SIZE(jm_host_work, 24);
    AT(jm_host_work, size, 0);
    AT(jm_host_work, submit, 8);
    AT(jm_host_work, cancel, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_frozen),
        cmocka_unit_test(tables_are_frozen),
        cmocka_unit_test(more_tables_are_frozen),
        cmocka_unit_test(further_tables_are_frozen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
