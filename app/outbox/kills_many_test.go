//go:build !race

package outbox

const kills, killedWave, deaths = 50, 2000, 200
