-- Json: what is written, what is read, and what is refused.
local check = require "check"
local World = require "stubs.world"
local Json = World.new(assert(os.getenv("JUNMAI_LRPLUGIN")), 1):require("Json")

check.test("an empty table is an object, a marked one a list", function()
    check.equal(Json.encode({}), "{}")
    check.equal(Json.encode(Json.array()), "[]")
    check.equal(Json.encode({ details = {}, list = Json.array({}) }), '{"details":{},"list":[]}')
    check.equal(Json.encode({ 1, "a", false, Json.null }), '[1,"a",false,null]')
end)

check.test("numbers keep their value", function()
    check.equal(Json.encode(9007199254740991), "9007199254740991")
    check.equal(Json.encode(-3), "-3")
    check.equal(Json.encode(0.5), "0.5")
    check.equal(Json.decode(Json.encode(0.1)), 0.1)
    check.equal(Json.decode(Json.encode(1e300)), 1e300)
    check.equal(pcall(Json.encode, 0 / 0), false)
    check.equal(pcall(Json.encode, math.huge), false)
    check.equal(Json.decode("[-0.5e2, 12, 0]"), { -50, 12, 0 })
end)

check.test("texts survive, control characters and other alphabets too", function()
    local text = 'a"\\/\b\f\n\r\t\1\0\127 写真 é'
    check.equal(Json.decode(Json.encode(text)), text)
    check.equal(Json.encode("\1"), '"\\u0001"')
    check.equal(Json.decode('"\\u5199\\u00e9\\u0041"'), "写éA")
    check.equal(Json.decode('"\\ud83d\\ude00"'), "\240\159\152\128")
    check.equal(Json.decode('"\\ud83d"'), "\239\191\189")
    check.equal(Json.decode('"\\ude00x"'), "\239\191\189x")
end)

check.test("null is absent in an object and marked in a list", function()
    local value = Json.decode('{"a":null,"b":[null,1],"c":false}')
    check.equal(value.a, nil)
    check.truth(value.b[1] == Json.null)
    check.equal(value.b[2], 1)
    check.equal(value.c, false)
end)

check.test("what is no JSON is refused with its place", function()
    for _, text in ipairs {
        "", " ", "{", "[1,", "[1 2]", '{"a"}', '{"a":1,}', "[1,]", '"\n"', '"abc', "01", "1.", ".5",
        "+1", "1e", "nul", "tru", "[1] x", '{a:1}', "'a'", '"\\x"', '"\\u12"', "NaN", "-", "1.e5",
        "<html>",
    } do
        local value, sentence = Json.decode(text)
        check.equal(value, nil, text)
        check.contains(sentence, "expected at byte")
    end
    check.equal(Json.decode(nil), nil)
end)

check.test("depth is bounded in both directions", function()
    check.equal(Json.decode(string.rep("[", 1000) .. string.rep("]", 1000)), nil)
    check.truth(Json.decode(string.rep("[", 60) .. string.rep("]", 60)))
    local loop = {}
    loop.self = loop
    check.equal(pcall(Json.encode, loop), false)
end)

check.finish()
