-- A host of a test's own on loopback, in the scheduler of its Lightroom: sessions with acknowledged
-- polls, jobs with leases. What it is told is kept in `said`, and it can be made to fail.
local socket = require "socket"

local FakeHost = {}
FakeHost.__index = FakeHost

local EMPTY = {}

function FakeHost.new(scheduler, json)
    local self = setmetatable({
        scheduler = scheduler,
        json = json,
        events = {}, -- all that was published, each with its seq
        clients = {}, -- id -> {cursor, channels, greeted, registered}
        jobs = {}, -- that wait, in their order
        leased = {}, -- id -> job
        said = {}, -- messages of /ws/send, in their order
        results = {}, -- bodies of /job/ID/result by id
        announced = {}, -- bodies of /ws/broadcast
        requests = {}, -- "METHOD path" of each
        photos = {}, -- id -> path
        broken = 0, -- so many requests are answered 500
        refused = {}, -- "METHOD path" -> so many of these are answered 500
        losePolls = 0, -- so many answers of polls are lost on the way
        waits = true, -- false: polls are answered at once
        epoch = "e1",
        starts = 0,
    }, FakeHost)
    self:listen(0)
    return self
end

function FakeHost:listen(port)
    self.server = assert(socket.bind("127.0.0.1", port))
    self.server:settimeout(0)
    self.port = select(2, self.server:getsockname())
    self.starts = self.starts + 1
    local server = self.server
    self.scheduler:spawn(function()
        while self.server == server do
            local connection = server:accept()
            if connection then
                self.scheduler:spawn(function()
                    self:serve(connection)
                end)
            else
                self.scheduler:waitFor(function()
                    return self.server ~= server
                        or socket.select({ server }, nil, 0)[server] ~= nil
                end)
            end
        end
    end)
end

-- Gone, with all that only its memory held. A job that is leased stays leased.
function FakeHost:stop()
    self.server:close()
    self.server = nil
    self.clients = {}
end

function FakeHost:start()
    self:listen(self.port)
end

function FakeHost:address()
    return "http://127.0.0.1:" .. self.port
end

function FakeHost:publish(channel, event)
    event.channel, event.seq = channel, 9007199254000000 + #self.events + 1
    table.insert(self.events, event)
end

function FakeHost:addJob(id, config, photoId)
    table.insert(self.jobs, { id = id, config = config, photoId = photoId })
    self:publish("jobs", { type = "job_created", job_id = id, priority = 5 })
end

-- What Lightroom has said of this type, the last first.
function FakeHost:last(kind)
    for index = #self.said, 1, -1 do
        if self.said[index].type == kind then
            return self.said[index]
        end
    end
    return nil
end

function FakeHost:count(kind)
    local count = 0
    for _, message in ipairs(self.said) do
        count = count + (message.type == kind and 1 or 0)
    end
    return count
end

function FakeHost:head()
    return 9007199254000000 + #self.events
end

-- The messages that a client has not had yet.
function FakeHost:waiting(id)
    local client = self.clients[id]
    local messages = {}
    if not client.greeted then
        messages[1] = {
            type = "connection_established", client_id = id, epoch = self.epoch, seq = self:head(),
        }
    end
    for _, event in ipairs(self.events) do
        if client.channels[event.channel] and event.seq > client.cursor then
            messages[#messages + 1] = event
        end
    end
    return messages
end

function FakeHost:open(id)
    self.clients[id] = { channels = {}, cursor = self:head(), greeted = false }
    return self.clients[id]
end

local routes = {}

routes["POST /ws/handshake"] = function(self, request)
    local id = string.format("client-%d-%d", self.starts, #self.requests)
    self:open(id).client_type = request.body.client_type
    return 200, { success = true, client_id = id, protocol_version = request.body.protocol_version }
end

routes["GET /ws/poll"] = function(self, request)
    local id = request.query.client_id
    local client = self.clients[id] or self:open(id)
    local ack = tonumber(request.query.ack)
    if ack and client.greeted then
        client.cursor = math.max(client.cursor, ack)
    end
    local waits = self.waits and request.query.wait
    local server = self.server
    if waits then
        self.scheduler:waitFor(function()
            return self.server ~= server or self.clients[id] ~= client or #self:waiting(id) > 0
        end, socket.gettime() + 0.5)
    end
    if self.server ~= server or self.clients[id] ~= client then
        return nil -- the host has died, or the client has left
    end
    local messages = self:waiting(id)
    if self.losePolls > 0 and #messages > 0 then
        self.losePolls = self.losePolls - 1
        return nil
    end
    client.greeted = true
    return 200, { success = true, messages = self.json.array(messages), ack = self:head() }
end

local answers = {
    register = function(_, client, message)
        client.registered = message.client_type
        return { type = "registration_confirmed" }
    end,
    subscribe = function(_, client, message)
        for _, channel in ipairs(message.channels) do
            client.channels[channel] = true
        end
        client.cursor = message.since or client.cursor
        return { type = "subscription_confirmed", channels = message.channels }
    end,
}

routes["POST /ws/send"] = function(self, request)
    local client = self.clients[request.body.client_id]
    if not client then
        return 404, { success = false, error = "Invalid client_id" }
    end
    local message = request.body.message
    table.insert(self.said, message)
    local answer = answers[message.type] and answers[message.type](self, client, message)
    return 200, { success = true, response = answer or self.json.null }
end

routes["POST /ws/broadcast"] = function(self, request)
    table.insert(self.announced, request.body)
    return 200, { success = true }
end

routes["POST /ws/disconnect"] = function(self, request)
    self.left = request.body.client_id
    self.clients[request.body.client_id] = nil
    return 200, { success = true }
end

routes["GET /job/next"] = function(self, request)
    local job = table.remove(self.jobs, 1)
    if not job then
        return 404, { message = "No pending jobs" }
    end
    job.holder, job.lease = request.query.client_id, "lease-" .. job.id
    self.leased[job.id] = job
    return 200,
        { jobId = job.id, config = job.config, lease = job.lease, photo_id = job.photoId or 0 }
end

local function postResult(self, request, id)
    self.results[id] = request.body
    if not self.leased[id] then
        return 404, { error = "Job not found in processing queue" }
    elseif request.body.lease ~= self.leased[id].lease then
        return 409, { error = "This is not the lease of the job" }
    end
    return 200, { message = "Job '" .. id .. "' marked as " .. request.body.status }
end

function FakeHost:answer(request)
    local name = request.method .. " " .. request.path
    table.insert(self.requests, name)
    self.authorization = request.authorization
    if self.broken > 0 then
        self.broken = self.broken - 1
        return 500, { error = "out of order" }
    elseif (self.refused[name] or 0) > 0 then
        self.refused[name] = self.refused[name] - 1
        return 500, { error = "out of order" }
    end
    local job = string.match(request.path, "^/job/([^/]+)/result$")
    local photo = string.match(request.path, "^/api/photos/(%d+)$")
    local route = routes[name]
    if route then
        return route(self, request)
    elseif job then
        return postResult(self, request, job)
    elseif photo and self.photos[tonumber(photo)] then
        return 200, { id = tonumber(photo), file_path = self.photos[tonumber(photo)] }
    end
    return 404, { error = "there is no " .. request.path }
end

local function parseQuery(text)
    local query = {}
    for key, value in string.gmatch(text or "", "([^&=]+)=([^&]*)") do
        query[key] = string.gsub(value, "%%(%x%x)", function(hex)
            return string.char(tonumber(hex, 16))
        end)
    end
    return query
end

function FakeHost:read(connection)
    local text = ""
    connection:settimeout(0)
    while true do
        local data, problem, partial = connection:receive(65536)
        text = text .. (data or partial or "")
        local head, body = string.match(text, "^(.-)\r\n\r\n(.*)$")
        local length = tonumber(head and string.match(head, "Content%-Length: (%d+)") or 0)
        if head and #body >= length then
            return head, body
        elseif problem == "closed" then
            return nil
        end
        self.scheduler:waitFor(function()
            return socket.select({ connection }, nil, 0)[connection] ~= nil
        end)
    end
end

function FakeHost:serve(connection)
    local head, body = self:read(connection)
    if head then
        local method, path, query = string.match(head, "^(%u+) ([^ ?]+)%??([^ ]*) ")
        local status, answer = self:answer({
            method = method,
            path = path,
            query = parseQuery(query),
            body = body ~= "" and assert(self.json.decode(body)) or EMPTY,
            authorization = string.match(head, "Authorization: ([^\r\n]*)"),
        })
        if status then
            local text = self.json.encode(answer)
            connection:settimeout(5)
            connection:send(string.format("HTTP/1.1 %d X\r\nContent-Type: application/json\r\n"
                .. "Content-Length: %d\r\n\r\n%s", status, #text, text))
        end
    end
    connection:close()
end

return FakeHost
