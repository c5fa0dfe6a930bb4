-- Objects that have what the SDK has and nothing else: reading another member is an error, as
-- calling it would be in Lightroom.
return function(name, members)
    return setmetatable(members, {
        __index = function(_, key)
            error(name .. " has no member '" .. tostring(key) .. "'", 2)
        end,
    })
end
