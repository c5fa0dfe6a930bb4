-- A real junmaid on a free port of loopback, with a data directory of its own, for one test. It
-- ends with junmaid:close(), and by itself after LIFE_S if that is never reached.
local socket = require "socket"

local Junmaid = {}
Junmaid.__index = Junmaid

local LIFE_S = 240
local PLUGINS = "catalog,queue,system,lightroom"

local function quoted(text)
    return "'" .. string.gsub(text, "'", "'\\''") .. "'"
end

local function output(command)
    local pipe = assert(io.popen(command))
    local text = pipe:read("*a")
    pipe:close()
    return (string.gsub(text, "%s+$", ""))
end

-- `folder` holds bin/junmaid and plugins/.
function Junmaid.open(folder)
    local self = setmetatable({ folder = folder, port = 0 }, Junmaid)
    self.root = output("mktemp -d ${TMPDIR:-/tmp}/junmai-lua-XXXXXX")
    self:start()
    return self
end

function Junmaid:command()
    return string.format("timeout %d %s --data %s --port %d --plugin-dir %s --enable %s", LIFE_S,
        quoted(self.folder .. "/bin/junmaid"), quoted(self.root .. "/data"), self.port,
        quoted(self.folder .. "/plugins"), PLUGINS)
end

function Junmaid:log()
    local file = io.open(self.root .. "/log")
    local text = file and file:read("*a") or ""
    if file then
        file:close()
    end
    return text
end

-- Start it and wait until it listens; again on the same port.
function Junmaid:start()
    self.pid = output(self:command() .. " >" .. quoted(self.root .. "/log") .. " 2>&1 & echo $!")
    local deadline_s = socket.gettime() + 60
    repeat
        socket.sleep(0.02)
        local port = string.match(self:log(), "listening on http://127%.0%.0%.1:(%d+)")
        if port then
            self.port = tonumber(port)
            return
        end
    until socket.gettime() > deadline_s
    error("junmaid does not start:\n" .. self:log())
end

function Junmaid:isRunning()
    return os.execute("kill -0 " .. self.pid .. " 2>/dev/null") == 0
end

function Junmaid:stop()
    os.execute("kill -TERM " .. self.pid .. " 2>/dev/null")
    local deadline_s = socket.gettime() + 60
    while self:isRunning() do
        assert(socket.gettime() < deadline_s, "junmaid does not end")
        socket.sleep(0.02)
    end
end

function Junmaid:close()
    self:stop()
    os.execute("rm -rf " .. quoted(self.root))
end

function Junmaid:address()
    return "http://127.0.0.1:" .. self.port
end

return Junmaid
