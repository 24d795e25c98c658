package views

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// QR is a QR code as the dots of one SVG path in a square of Width units, with the quiet border
// that scanners need.
type QR struct {
	Dots  string
	Width int
}

// border is the quiet zone around a code, in modules (ISO/IEC 18004).
const border = 4

// NewQR draws a text as a QR code with medium error correction; a text too long for one is an error.
func NewQR(text string) (QR, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return QR{}, fmt.Errorf("draw code: %w", err)
	}
	size := code.Bounds().Dx()
	var dots strings.Builder
	for y := range size {
		for x := range size {
			if dark, _, _, _ := code.At(x, y).RGBA(); dark == 0 {
				fmt.Fprintf(&dots, "M%d %dh1v1h-1z", x+border, y+border)
			}
		}
	}
	return QR{Dots: dots.String(), Width: size + 2*border}, nil
}
