-- Named tests and what they expect. A program of tests ends with check.finish().
local check = {}

local failed, passed = 0, 0

local function show(value)
    if type(value) ~= "table" then
        return type(value) == "string" and string.format("%q", value) or tostring(value)
    end
    local parts = {}
    for key, member in pairs(value) do
        parts[#parts + 1] = tostring(key) .. "=" .. show(member)
    end
    table.sort(parts)
    return "{" .. table.concat(parts, ", ") .. "}"
end

function check.equal(actual, expected, what)
    if show(actual) ~= show(expected) then
        error(string.format("%s: %s, not %s", what or "value", show(actual), show(expected)), 2)
    end
end

function check.truth(value, what)
    if not value then
        error(what or "is not so", 2)
    end
end

function check.contains(text, part)
    if not string.find(tostring(text), part, 1, true) then
        error(string.format("%s does not contain %q", show(text), part), 2)
    end
end

function check.test(name, body)
    local ok, problem = xpcall(body, debug.traceback)
    if ok then
        passed = passed + 1
        print("ok      " .. name)
    else
        failed = failed + 1
        print("FAILED  " .. name .. "\n" .. tostring(problem))
    end
    io.stdout:flush()
end

function check.finish()
    print(string.format("%d passed, %d failed", passed, failed))
    os.exit(failed == 0 and passed > 0 and 0 or 1)
end

return check
