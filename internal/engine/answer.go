package engine

import (
	"encoding/json"
	"fmt"

	"recourse/models"
	"recourse/workflows/contract"
)

// readOrder reads what a customer sent as it lies on record.
func readOrder(in models.Incoming) (contract.Order, error) {
	var order contract.Order
	if err := json.Unmarshal(in.Command, &order); err != nil {
		return contract.Order{}, fmt.Errorf("read answer %s: %w", in.ID, err)
	}
	return order, nil
}
