package db

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"gorm.io/gorm/schema"
)

// seconds keeps a time.Time as unix seconds; the zero time is 0.
type seconds struct{}

func init() { schema.RegisterSerializer("seconds", seconds{}) }

// Scan reads unix seconds into a time.Time in UTC.
func (seconds) Scan(ctx context.Context, field *schema.Field, dst reflect.Value, value any) error {
	n, ok := value.(int64)
	if !ok && value != nil {
		return fmt.Errorf("column %s holds no seconds", field.DBName)
	}
	return field.Set(ctx, dst, FromSeconds(n))
}

// Value gives the unix seconds of a time.Time.
func (seconds) Value(_ context.Context, field *schema.Field, _ reflect.Value, value any) (any, error) {
	t, ok := value.(time.Time)
	if !ok {
		return nil, fmt.Errorf("field %s is no time", field.Name)
	}
	return Seconds(t), nil
}

// Seconds is how a time is stored: unix seconds, 0 for the zero time.
func Seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// FromSeconds is the time of stored seconds, in UTC; the zero time for 0.
func FromSeconds(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}
