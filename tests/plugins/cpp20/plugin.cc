// A plugin in C++20: objects, the standard library, and exceptions that stop at the boundary.
#include "cpp20_manifest.h"

#include <junmai/junmai.h>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace
{

std::string_view view(jm_span span)
{
    return span.ptr == nullptr ? std::string_view{} : std::string_view{span.ptr, span.len};
}

jm_span span(std::string_view text)
{
    return {text.data(), text.size()};
}

class Plugin
{
  public:
    explicit Plugin(const jm_host *host) : host_{host}
    {
        instance_.size = sizeof instance_;
        instance_.plugin_data = this;
        instance_.init = [](const jm_plugin *p) {
            return self(p).guarded([&] { return self(p).init(); });
        };
        instance_.activate = [](const jm_plugin *) { return jm_status{JM_OK}; };
        instance_.drain = [](const jm_plugin *) { return jm_status{JM_OK}; };
        instance_.destroy = [](const jm_plugin *p) { delete &self(p); };
    }

    const jm_plugin *instance() const
    {
        return &instance_;
    }

  private:
    static Plugin &self(const jm_plugin *plugin)
    {
        return *static_cast<Plugin *>(plugin->plugin_data);
    }

    template <typename Table> const Table *table(const char *id) const
    {
        return static_cast<const Table *>(host_->get_extension(host_, id));
    }

    // Nothing throws across the boundary.
    template <typename Function> jm_status guarded(Function function) noexcept
    {
        try {
            return function();
        } catch (const std::exception &problem) {
            return error_->set(host_, JM_EPANIC, span(problem.what()));
        } catch (...) {
            return error_->set(host_, JM_EPANIC, span("an unknown exception"));
        }
    }

    jm_status init()
    {
        http_ = table<jm_host_http>(JM_EXT_HTTP);
        error_ = table<jm_host_error>(JM_EXT_ERROR);
        jm_route route{};
        route.size = sizeof route;
        route.method = "GET";
        route.path = "/cpp20/count/{word}";
        route.help = "How often the word was asked for.";
        route.user = this;
        route.fn = [](void *user, const jm_request *request) {
            auto &plugin = *static_cast<Plugin *>(user);
            return plugin.guarded([&] { return plugin.count(*request); });
        };
        return http_->add_route(host_, &route);
    }

    jm_status count(const jm_request &request)
    {
        jm_span word{};
        if (const auto status = http_->get_param(host_, request.id, "word", &word); status < 0)
            return status;
        if (view(word) == "throw")
            throw std::runtime_error{"thrown on purpose"};
        const auto times = ++counts_[std::string{view(word)}];
        const auto json = "{\"times\":" + std::to_string(times) + "}";
        return http_->respond(host_, request.id, 200, span(json));
    }

    const jm_host *host_;
    const jm_host_http *http_ = nullptr;
    const jm_host_error *error_ = nullptr;
    jm_plugin instance_{};
    std::map<std::string, int> counts_;
};

const jm_plugin *create(const jm_host *host)
{
    try {
        return std::make_unique<Plugin>(host).release()->instance();
    } catch (...) {
        return nullptr;
    }
}

} // namespace

extern "C" {
JM_EXPORT extern const jm_entry JM_ENTRY;
const jm_entry JM_ENTRY = {
    JM_ABI_MAGIC, sizeof(jm_entry), JM_ABI_MAJOR, JM_ABI_MINOR, 0, JM_MANIFEST_TEXT, create};
}
