//go:build race

package outbox

// Processes with the race detector start slowly: a part is enough for it, all is played without it.
const kills, killedWave, deaths = 8, 400, 24
