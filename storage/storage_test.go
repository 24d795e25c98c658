package storage_test

import (
	"testing"

	"rondo/storage"
	"rondo/storage/storagetest"
)

func TestOpen(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		now, err := s.DB.Now(t.Context())
		if err != nil || now.Year() < 2020 {
			t.Errorf("Now() = %v, %v", now, err)
		}
	})
}
