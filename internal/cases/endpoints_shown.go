package cases

import (
	"context"
	"crypto/sha256"
	"time"

	"recourse/internal/endpoints"
	"recourse/models"
)

// failedLately is for how long the attempts are counted that did not arrive.
const failedLately = 24 * time.Hour

// FailedDeliveries counts, by endpoint, the attempts of the last 24 hours that did not arrive; admin and
// ops only.
func (s *Service) FailedDeliveries(ctx context.Context, a models.Actor) (map[string]int64, error) {
	if err := mayEndpoints(a); err != nil {
		return nil, err
	}
	return s.Store.FailedDeliveries(ctx, s.now().Add(-failedLately))
}

// EndpointSecret makes up the secret that a wish gives an endpoint. It is derived from the wish: whoever
// sends a form twice is told the same one both times.
func (s *Service) EndpointSecret(call Call) string {
	sum := sha256.Sum256([]byte(s.secretOf(call, "endpoint")))
	return endpoints.Secret(sum[:])
}

// MaySeeEndpoints says who looks after endpoints.
func MaySeeEndpoints(a models.Actor) bool { return mayEndpoints(a) == nil }
