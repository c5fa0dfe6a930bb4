-- LrTasks, LrFunctionContext, LrDate.
local strict = require "stubs.strict"

local function pack(...)
    return { n = select("#", ...), ... }
end

-- As pcall, but what is called may yield: Lua 5.1's own cannot be yielded across.
local function yieldingPcall(call, ...)
    local thread = coroutine.create(call)
    local results = pack(coroutine.resume(thread, ...))
    while coroutine.status(thread) == "suspended" do
        results = pack(coroutine.resume(thread, coroutine.yield(unpack(results, 2, results.n))))
    end
    return unpack(results, 1, results.n)
end

local function functionContext()
    local cleanups = {}
    local context = strict("LrFunctionContext object", {
        addCleanupHandler = function(_, handler)
            table.insert(cleanups, handler)
        end,
    })
    return context, cleanups
end

local function callWithContext(name, call, ...)
    assert(type(name) == "string" and type(call) == "function", "callWithContext(name, function)")
    local context, cleanups = functionContext()
    local results = pack(yieldingPcall(call, context, ...))
    for _, cleanup in ipairs(cleanups) do
        cleanup(results[1], results[2])
    end
    if not results[1] then
        error(results[2], 0)
    end
    return unpack(results, 2, results.n)
end

return function(scheduler)
    return {
        LrTasks = strict("LrTasks", {
            startAsyncTask = function(body)
                assert(type(body) == "function", "startAsyncTask(function)")
                scheduler:spawn(body)
            end,
            sleep = function(seconds)
                assert(type(seconds) == "number", "sleep(seconds)")
                scheduler:sleep(seconds)
            end,
            yield = function()
                scheduler:sleep(0)
            end,
            pcall = yieldingPcall,
        }),
        LrFunctionContext = strict("LrFunctionContext", { callWithContext = callWithContext }),
        LrDate = strict("LrDate", {
            currentTime = function()
                return scheduler:now()
            end,
        }),
    }
end
