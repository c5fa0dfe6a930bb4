-- JSON, as the host speaks it. An empty table is written as {}; Json.array() marks a table as a
-- list, so that an empty one is written as []. A null in an object is an absent field, in a list
-- Json.null. Numbers are IEEE doubles on both sides. Does not yield.
local Json = {}

local DEPTH_MAX = 64
local listMark = {}

Json.null = setmetatable({}, {
    __tostring = function()
        return "null"
    end,
})

-- A list, also when it is empty. Marks and returns `list`.
function Json.array(list)
    return setmetatable(list or {}, listMark)
end

local escapes = {
    ['"'] = '\\"',
    ["\\"] = "\\\\",
    ["\b"] = "\\b",
    ["\f"] = "\\f",
    ["\n"] = "\\n",
    ["\r"] = "\\r",
    ["\t"] = "\\t",
}

local function escape(character)
    return escapes[character] or string.format("\\u%04x", string.byte(character))
end

local function quote(text)
    -- %z: a NUL in Lua 5.1
    return '"' .. string.gsub(text, '[%z\1-\31"\\\127]', escape) .. '"'
end

local function numberText(number)
    if number ~= number or number == math.huge or number == -math.huge then
        error("JSON has no number for " .. tostring(number))
    end
    if number == math.floor(number) and math.abs(number) < 2 ^ 53 then
        return string.format("%.0f", number)
    end
    return string.format("%.17g", number)
end

local writeValue

local function writeList(list, out, depth)
    out[#out + 1] = "["
    for index = 1, #list do
        if index > 1 then
            out[#out + 1] = ","
        end
        writeValue(list[index], out, depth)
    end
    out[#out + 1] = "]"
end

local function writeObject(object, out, depth)
    local keys = {}
    for key in pairs(object) do
        if type(key) ~= "string" then
            error("a JSON object has texts as keys, not " .. tostring(key))
        end
        keys[#keys + 1] = key
    end
    table.sort(keys)
    out[#out + 1] = "{"
    for index, key in ipairs(keys) do
        out[#out + 1] = (index > 1 and "," or "") .. quote(key) .. ":"
        writeValue(object[key], out, depth)
    end
    out[#out + 1] = "}"
end

function writeValue(value, out, depth)
    local kind = type(value)
    if depth > DEPTH_MAX then
        error("too deep for JSON; does a table contain itself?")
    elseif value == Json.null then
        out[#out + 1] = "null"
    elseif kind == "table" and (getmetatable(value) == listMark or #value > 0) then
        writeList(value, out, depth + 1)
    elseif kind == "table" then
        writeObject(value, out, depth + 1)
    elseif kind == "string" then
        out[#out + 1] = quote(value)
    elseif kind == "number" then
        out[#out + 1] = numberText(value)
    elseif kind == "boolean" then
        out[#out + 1] = tostring(value)
    else
        error("JSON has nothing for a " .. kind)
    end
end

function Json.encode(value)
    local out = {}
    writeValue(value, out, 0)
    return table.concat(out)
end

-- Reading: a cursor {text, at}. What is wrong is raised as a sentence and caught in Json.decode().

local function fail(cursor, expected)
    error({ sentence = string.format("%s expected at byte %d", expected, cursor.at) }, 0)
end

local function skipSpace(cursor)
    cursor.at = string.find(cursor.text, "[^ \t\r\n]", cursor.at) or #cursor.text + 1
end

-- Take `token` if it is next.
local function take(cursor, token)
    if string.sub(cursor.text, cursor.at, cursor.at + #token - 1) ~= token then
        return false
    end
    cursor.at = cursor.at + #token
    return true
end

local function utf8(code)
    if code < 0x80 then
        return string.char(code)
    elseif code < 0x800 then
        return string.char(0xC0 + math.floor(code / 0x40), 0x80 + code % 0x40)
    elseif code < 0x10000 then
        return string.char(0xE0 + math.floor(code / 0x1000),
            0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
    end
    return string.char(0xF0 + math.floor(code / 0x40000), 0x80 + math.floor(code / 0x1000) % 0x40,
        0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
end

local function hexUnit(cursor)
    local digits = string.match(cursor.text, "^%x%x%x%x", cursor.at)
        or fail(cursor, "four hex digits")
    cursor.at = cursor.at + 4
    return tonumber(digits, 16)
end

-- The character behind \u; half a surrogate pair is U+FFFD.
local function unicodeEscape(cursor)
    local unit = hexUnit(cursor)
    if unit >= 0xD800 and unit <= 0xDBFF and take(cursor, "\\u") then
        local low = hexUnit(cursor)
        if low >= 0xDC00 and low <= 0xDFFF then
            return utf8(0x10000 + (unit - 0xD800) * 0x400 + low - 0xDC00)
        end
        return utf8(0xFFFD)
    end
    return utf8(unit >= 0xD800 and unit <= 0xDFFF and 0xFFFD or unit)
end

local plainEscapes = {
    ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

local function readText(cursor)
    local out = {}
    cursor.at = cursor.at + 1
    while not take(cursor, '"') do
        local plain = string.match(cursor.text, '^[^%z\1-\31"\\]+', cursor.at)
        if plain then
            out[#out + 1] = plain
            cursor.at = cursor.at + #plain
        elseif take(cursor, "\\u") then
            out[#out + 1] = unicodeEscape(cursor)
        elseif take(cursor, "\\") then
            local letter = string.sub(cursor.text, cursor.at, cursor.at)
            out[#out + 1] = plainEscapes[letter] or fail(cursor, "an escape")
            cursor.at = cursor.at + 1
        else
            fail(cursor, "the end of a text")
        end
    end
    return table.concat(out)
end

local function readNumber(cursor)
    local text = string.match(cursor.text, "^-?%d+%.?%d*[eE]?[+-]?%d*", cursor.at)
    local number = text and not string.find(text, "^-?0%d") and not string.find(text, "%.$")
        and not string.find(text, "%.[eE]") and tonumber(text)
    if not number then
        fail(cursor, "a value")
    end
    cursor.at = cursor.at + #text
    return number
end

local readValue

local function readList(cursor, depth)
    local list = Json.array()
    cursor.at = cursor.at + 1
    skipSpace(cursor)
    if take(cursor, "]") then
        return list
    end
    repeat
        list[#list + 1] = readValue(cursor, depth)
        skipSpace(cursor)
    until not take(cursor, ",")
    return take(cursor, "]") and list or fail(cursor, "',' or ']'")
end

local function readObject(cursor, depth)
    local object = {}
    cursor.at = cursor.at + 1
    skipSpace(cursor)
    if take(cursor, "}") then
        return object
    end
    repeat
        skipSpace(cursor)
        if string.sub(cursor.text, cursor.at, cursor.at) ~= '"' then
            fail(cursor, "a key")
        end
        local key = readText(cursor)
        skipSpace(cursor)
        if not take(cursor, ":") then
            fail(cursor, "':'")
        end
        local value = readValue(cursor, depth)
        if value ~= Json.null then
            object[key] = value
        end
        skipSpace(cursor)
    until not take(cursor, ",")
    return take(cursor, "}") and object or fail(cursor, "',' or '}'")
end

function readValue(cursor, depth)
    skipSpace(cursor)
    if depth > DEPTH_MAX then
        fail(cursor, "less depth")
    end
    local first = string.sub(cursor.text, cursor.at, cursor.at)
    if first == "{" then
        return readObject(cursor, depth + 1)
    elseif first == "[" then
        return readList(cursor, depth + 1)
    elseif first == '"' then
        return readText(cursor)
    elseif take(cursor, "true") then
        return true
    elseif take(cursor, "false") then
        return false
    elseif take(cursor, "null") then
        return Json.null
    end
    return readNumber(cursor)
end

local function readDocument(text)
    local cursor = { text = text, at = 1 }
    local value = readValue(cursor, 0)
    skipSpace(cursor)
    if cursor.at <= #text then
        fail(cursor, "the end")
    end
    return value
end

-- The value, or nil and a sentence.
function Json.decode(text)
    if type(text) ~= "string" then
        return nil, "there is no text"
    end
    -- Nothing here yields, so the plain pcall will do.
    local ok, result = pcall(readDocument, text)
    if ok then
        return result
    end
    return nil, type(result) == "table" and result.sentence or tostring(result)
end

return Json
