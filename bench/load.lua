-- wrk: the same signed body again and again, each time with a delivery id of its own.
-- Arguments: BODY_FILE EVENT SIGNATURE RUN [MILLISECONDS between two requests of a connection]
local pause = 0
function init(arguments)
   local file = assert(io.open(arguments[1], "rb"))
   local body = file:read("*a")
   file:close()
   pause = tonumber(arguments[5] or "0")
   local head = "POST /webhook/github/hook_001 HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: GitHub-Hookshot/bench\r\n" ..
      "Content-Type: application/json\r\nX-GitHub-Event: " .. arguments[2] .. "\r\nX-Hub-Signature-256: " ..
      arguments[3] .. "\r\nContent-Length: " .. #body .. "\r\nX-GitHub-Delivery: " .. arguments[4] .. "-"
   local count = 0
   request = function()
      count = count + 1
      return head .. count .. "\r\n\r\n" .. body
   end
   if pause > 0 then
      math.randomseed(7)
      delay = function() return math.random(0, 2 * pause) end
   end
end
function done(summary, latency, requests)
   io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
      latency:percentile(99), summary.errors.status, summary.errors.connect + summary.errors.read +
      summary.errors.write + summary.errors.timeout))
end
