package cases

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAPhoneNumberFindsItsCustomerHoweverItIsWritten(t *testing.T) {
	for _, written := range []string{"13800138000", "+86 138 0013 8000", "0086-13800138000", "１３８００１３８０００"} {
		require.Equal(t, "13800138000", normalPhone(written), written)
	}
	require.Equal(t, "442079460000", normalPhone("+44 20 7946 0000"))
}

func TestWhatIsNoPhoneNumberFindsNobody(t *testing.T) {
	for _, written := range []string{"", "110", "12345", "000000", "11111111111", "none", "ext."} {
		require.Empty(t, normalPhone(written), written)
	}
}
