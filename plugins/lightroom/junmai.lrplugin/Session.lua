-- This Lightroom as a client of the host: the messages of /ws/handshake, /ws/poll and /ws/send.
--
-- A poll's answer is acknowledged by the next poll, so an answer that is lost is given again. What
-- was seen last is remembered, so that a subscription after a restart of the host goes on where it
-- was. Functions here yield; a failure is nil and a sentence.
local Http = require "Http"

local Session = {}
Session.__index = Session

local PROTOCOL = "1.0"
local NAME = "Lightroom Classic Plugin"
local VERSION = "3.0"
local WAIT_S = 25
local POLL_TIMEOUT_S = 40 -- clearly more than the host waits

function Session.new(http, channels)
    return setmetatable({
        http = http,
        channels = channels,
        clientId = nil, -- given by the host
        registered = false, -- messages about jobs count from here on
        ack = nil, -- of the answer that was read last
        epoch = nil, -- the host's data directory …
        seq = nil, -- … and the last event of it that was seen
        longPoll = true, -- false: this host answers at once
    }, Session)
end

-- Become a client. The host greets with the first poll.
function Session:handshake()
    local answer, sentence = self.http:post("/ws/handshake",
        { client_type = "lightroom", protocol_version = PROTOCOL })
    if not answer then
        return nil, sentence
    elseif answer.status ~= 200 or type(answer.body.client_id) ~= "string" then
        return nil, "the host refused the handshake: " .. Http.reason(answer)
    end
    self.clientId, self.ack, self.registered = answer.body.client_id, nil, false
    return true
end

local function escaped(text)
    return (string.gsub(text, "[^%w_.~-]", function(character)
        return string.format("%%%02X", string.byte(character))
    end))
end

-- An ack is a number beyond what tostring() writes in full, or a text.
local function ackText(ack)
    return type(ack) == "number" and string.format("%.0f", ack) or escaped(tostring(ack))
end

function Session:query()
    return "client_id=" .. escaped(self.clientId)
end

-- The messages that have come, oldest first; waits for them where the host can. When the host does
-- not know the client it is no client any more.
function Session:poll()
    local path = "/ws/poll?" .. self:query()
    if self.ack ~= nil then
        path = path .. "&ack=" .. ackText(self.ack)
    end
    if self.longPoll then
        path = path .. "&wait=" .. WAIT_S
    end
    local answer, sentence = self.http:get(path, POLL_TIMEOUT_S)
    if not answer then
        return nil, sentence
    elseif answer.status == 404 then
        self.clientId, self.registered = nil, false
    elseif answer.status == 400 and (self.longPoll or self.ack ~= nil) then
        -- Either is refused by a host that does not know it; the next poll asks for less.
        self.longPoll, self.ack = self.ack ~= nil and self.longPoll, nil
    end
    if answer.status ~= 200 or type(answer.body.messages) ~= "table" then
        return nil, "the host refused to be polled: " .. Http.reason(answer)
    end
    self.pending = answer.body.ack
    return answer.body.messages
end

-- The messages of the last poll have been dealt with.
function Session:acknowledge()
    self.ack, self.pending = self.pending, nil
end

function Session:saw(message)
    if type(message.seq) == "number" and message.seq > (self.seq or -1) then
        self.seq = message.seq
    end
end

-- The host's answer to one message; an empty table where it has none.
function Session:send(message)
    if not self.clientId then
        return nil, "not connected"
    end
    local answer, sentence =
        self.http:post("/ws/send", { client_id = self.clientId, message = message })
    if not answer then
        return nil, sentence
    elseif answer.status ~= 200 then
        return nil, Http.reason(answer)
    end
    local response = type(answer.body.response) == "table" and answer.body.response or {}
    if response.error then
        return nil, tostring(response.error)
    end
    return response
end

-- The answer to connection_established: who this is, and what it wants to hear. With it, events
-- since the last one that was seen are given again; a host with another life ignores that.
function Session:introduce(welcome)
    if type(welcome.client_id) == "string" then
        self.clientId = welcome.client_id
    end
    local ok, sentence = self:send {
        type = "register", client_type = "lightroom", client_name = NAME, version = VERSION,
    }
    if not ok then
        return nil, sentence
    end
    local subscribe = { type = "subscribe", channels = self.channels }
    if self.epoch and self.epoch == welcome.epoch and self.seq then
        subscribe.since, subscribe.epoch = self.seq, self.epoch
    end
    ok, sentence = self:send(subscribe)
    if not ok then
        return nil, sentence
    end
    if self.epoch ~= welcome.epoch then
        self.epoch, self.seq = welcome.epoch, nil
    end
    if not self.seq and type(welcome.seq) == "number" then
        self.seq = welcome.seq
    end
    self.registered = true
    return true
end

-- An event of ours for everybody on a channel. It is kept, so that who is away hears of it later.
function Session:announce(channel, message)
    local answer, sentence = self.http:post("/ws/broadcast",
        { channel = channel, durable = true, message = message })
    if not answer then
        return nil, sentence
    elseif answer.status ~= 200 then
        return nil, Http.reason(answer)
    end
    return true
end

-- Say goodbye: what is leased here goes back to the queue at once.
function Session:leave()
    local clientId = self.clientId
    self.clientId, self.registered = nil, false
    if clientId then
        self.http:post("/ws/disconnect", { client_id = clientId })
    end
end

return Session
