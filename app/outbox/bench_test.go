package outbox

import (
	"context"
	"fmt"
	"testing"

	"rondo/storage/identity"
	"rondo/storage/keys"
	"rondo/storage/storagetest"
)

// BenchmarkPlan writes every message of a wave of 10,000 once, as before sending.
func BenchmarkPlan(b *testing.B) {
	for _, dialect := range storagetest.Dialects {
		b.Run(dialect, func(b *testing.B) {
			store := storagetest.Open(b, dialect)
			o := &Outbox{DB: store.DB, Identity: store.Identity, Secret: store.Secret, PublicURL: public, Contact: "+41 58 000 00 00"}
			o.Sender = NewSender("studie@example.ch", "", o.Secret)
			ctx := context.Background()
			now, err := o.DB.Now(ctx)
			if err != nil {
				b.Fatal(err)
			}
			w, err := o.Identity.CreateWave(ctx, identity.Wave{Label: "b", State: "running"}, []identity.Population{
				{Name: "employer", State: "open", Opens: now.Add(-week), Closes: now.Add(week), LinkSalt: []byte("salt")},
			})
			if err != nil {
				b.Fatal(err)
			}
			list := make([]identity.Participant, 10_000)
			for i := range list {
				id := fmt.Sprintf("%026d", i)
				list[i] = identity.Participant{ID: id, WaveID: w.ID, Population: "employer", Name: "Firma", Email: fmt.Sprintf("e%d@firma.example.ch", i),
					Language: "de", TokenHash: keys.HashToken(o.Secret.Link([]byte("salt"), id, 0))}
			}
			if err := o.Identity.AddParticipants(ctx, list); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				plan, err := o.Plan(ctx, w, "employer", "invitation")
				if err != nil || plan.Queue != len(list) || len(plan.Faults) > 0 {
					b.Fatalf("%d, %v, %v", plan.Queue, plan.Faults[:min(3, len(plan.Faults))], err)
				}
			}
		})
	}
}
