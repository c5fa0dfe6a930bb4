-- LrHttp over real, non-blocking TCP, as strict about its arguments as Lightroom's documentation.
local socket = require "socket"
local strict = require "stubs.strict"

local function failure(code)
    return nil, { error = { errorCode = code, name = code, nativeCode = 0 } }
end

local function checkCall(scheduler, catalog, url, headers, timeout)
    assert(scheduler.current, "LrHttp was called outside a task")
    assert(not catalog.gateOpen, "LrHttp was called where the catalogue may be changed")
    assert(type(url) == "string", "url is a text")
    assert(type(timeout) == "number", "no timeout was given; Lightroom's own is not documented")
    for _, header in ipairs(headers) do
        assert(type(header.field) == "string" and type(header.value) == "string",
            "headers are a list of {field, value}")
    end
    assert(not next(headers) or headers[1], "headers are a list of {field, value}")
end

local function requestText(method, host, path, headers, body)
    local lines = { method .. " " .. path .. " HTTP/1.1", "Host: " .. host, "Connection: close" }
    local typed = false
    for _, header in ipairs(headers) do
        typed = typed or string.lower(header.field) == "content-type"
        lines[#lines + 1] = header.field .. ": " .. header.value
    end
    if body then
        lines[#lines + 1] = "Content-Length: " .. #body
        lines[#lines + 1] = not typed and "Content-Type: text/plain" or nil
    end
    return table.concat(lines, "\r\n") .. "\r\n\r\n" .. (body or "")
end

-- The parts of an answer once it is complete.
local function parse(text, closed)
    local head, body = string.match(text, "^(.-)\r\n\r\n(.*)$")
    local length = head and tonumber(string.match(string.lower(head), "\ncontent%-length: *(%d+)"))
    if not head or (length and #body < length) or (not length and not closed) then
        return nil
    end
    local headers = { status = tonumber(string.match(head, "^HTTP/1%.%d (%d+)")) }
    for field, value in string.gmatch(head, "\n([^:\r\n]+): *([^\r\n]*)") do
        headers[#headers + 1] = { field = field, value = value }
    end
    return length and string.sub(body, 1, length) or body, headers
end

local function isWritable(connection)
    local _, writable = socket.select(nil, { connection }, 0)
    return writable[connection] ~= nil
end

local function sendAll(scheduler, connection, text, deadline_s)
    local sent = 0
    while sent < #text do
        local last, problem, partial = connection:send(text, sent + 1)
        sent = last or partial or sent
        if not last and problem ~= "timeout" then
            return false
        elseif not last then
            scheduler:waitFor(function()
                return isWritable(connection)
            end, deadline_s)
        end
    end
    return true
end

local function receiveAll(scheduler, connection, deadline_s)
    local text = ""
    while true do
        local data, problem, partial = connection:receive(65536)
        local closed = problem == "closed"
        text = text .. (data or partial or "")
        local body, headers = parse(text, closed)
        if body then
            return body, headers
        elseif closed then
            return failure("networkConnectionLost")
        elseif socket.gettime() > deadline_s then
            return failure("timedOut")
        end
        scheduler:waitFor(function()
            return socket.select({ connection }, nil, 0)[connection] ~= nil
        end, deadline_s)
    end
end

local function perform(scheduler, method, url, headers, body, timeout)
    local host, port, path = string.match(url, "^http://([^:/]+):(%d+)(/.*)$")
    if not host then
        return failure("badURL")
    end
    local deadline_s = socket.gettime() + timeout
    local connection = socket.tcp()
    connection:settimeout(0)
    connection:connect(host, tonumber(port))
    scheduler:waitFor(function()
        return isWritable(connection)
    end, deadline_s)
    local text = requestText(method, host .. ":" .. port, path, headers, body)
    local answer, info
    if not connection:getpeername() then
        answer, info = failure("cannotConnectToHost")
    elseif not sendAll(scheduler, connection, text, deadline_s) then
        answer, info = failure("networkConnectionLost")
    else
        answer, info = receiveAll(scheduler, connection, deadline_s)
    end
    connection:close()
    return answer, info
end

return function(scheduler, catalog)
    return {
        LrHttp = strict("LrHttp", {
            get = function(url, headers, timeout)
                checkCall(scheduler, catalog, url, headers, timeout)
                return perform(scheduler, "GET", url, headers, nil, timeout)
            end,
            post = function(url, body, headers, method, timeout)
                checkCall(scheduler, catalog, url, headers, timeout)
                assert(type(body) == "string", "a body is a text")
                assert(method == "POST", "the fourth argument is the method")
                return perform(scheduler, method, url, headers, body, timeout)
            end,
        }),
    }
end
