package endpoints_test

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/endpoints"
)

func TestOnlyPublicAddressesAreConnectedTo(t *testing.T) {
	t.Parallel()
	for _, a := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.8.8.8", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
		"203.0.113.7", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
		"64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::10.0.0.1", "64:ff9b:1::8.8.8.8",
		"2002:7f00:1::1", "2002:a00:1::", "2002:c0a8:101::5", "2002:a9fe:a9fe::", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:10::1",
		"2001:db8::1", "3fff::1", "100::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "4000::1",
	} {
		require.Falsef(t, endpoints.Lets(netip.MustParseAddr(a)), "%s", a)
	}
	for _, a := range []string{
		"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "192.169.1.1", "223.255.255.255",
		"2606:4700::1111", "240e::1", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
	} {
		require.Truef(t, endpoints.Lets(netip.MustParseAddr(a)), "%s", a)
	}
}

func TestWhatIsAllowedIsConnectedTo(t *testing.T) {
	t.Parallel()
	intranet := netip.MustParsePrefix("10.20.0.0/16")
	for a, lets := range map[string]bool{
		"10.20.3.4": true, "::ffff:10.20.3.4": true, "64:ff9b::10.20.3.4": true, "2002:a14:304::1": true, "10.21.0.1": false, "127.0.0.1": false, "8.8.8.8": true,
	} {
		require.Equalf(t, lets, endpoints.Lets(netip.MustParseAddr(a), intranet), "%s", a)
		require.Equalf(t, lets, endpoints.Lets(netip.MustParseAddr(a), netip.MustParsePrefix("::ffff:10.20.0.0/112")), "%s, the long way", a)
	}
	require.True(t, endpoints.Lets(netip.MustParseAddr("fe80::1%eth0"), netip.MustParsePrefix("fe80::/10")))
	require.True(t, endpoints.Lets(netip.MustParseAddr("fd00::7"), netip.MustParsePrefix("fd00::/8")))
}

func strict(o *endpoints.Options) { o.Allow = nil }

// Whatever way somebody writes it, nobody inside is called.
func TestNobodyInsideIsCalled(t *testing.T) {
	t.Parallel()
	server, got := serve(t, says(http.StatusOK, ""))
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	known := map[string][]string{
		"inside.example.test": {"127.0.0.1"}, "lan.example.test": {"192.168.0.10"}, "meta.example.test": {"169.254.169.254"},
		"six.example.test": {"::1"}, "mapped.example.test": {"64:ff9b::7f00:1"}, "ula.example.test": {"fd00::1"},
	}
	c := client(strict, func(o *endpoints.Options) { o.Resolver = names(t, known) })
	for _, host := range []string{
		"127.0.0.1", "localhost", "LOCALHOST", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::1]",
		"10.0.0.1", "169.254.169.254",
		"inside.example.test", "lan.example.test", "meta.example.test", "six.example.test", "mapped.example.test", "ula.example.test",
	} {
		a, err := c.Deliver(t.Context(), webhook("http://"+host+":"+port+"/"), parcel())
		require.Falsef(t, refused(t, err).Final, "%s", host)
		require.Equalf(t, endpoints.CodeAddress, a.Code, "%s: %v", host, err)
	}
	for _, host := range []string{"2130706433", "0x7f000001", "0177.0.0.1", "127.1"} { // numbers that other programs take for addresses
		_, err := c.Deliver(t.Context(), webhook("http://"+host+":"+port+"/"), parcel())
		require.Errorf(t, err, "%s", host)
	}
	require.Zero(t, got.count())
}

func TestANameIsAskedAgainForEachConnection(t *testing.T) {
	t.Parallel()
	server, got := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/again", http.StatusTemporaryRedirect)
	})
	known := map[string][]string{"turning.example.test": {"127.0.0.1", "127.0.0.2"}}
	c := client(func(o *endpoints.Options) {
		o.Allow, o.Resolver = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, names(t, known)
	})
	url := strings.Replace(server.URL, "127.0.0.1", "turning.example.test", 1)
	a, err := c.Deliver(t.Context(), webhook(url), parcel())
	require.Equal(t, endpoints.CodeAddress, a.Code, "%v", err)
	require.Equal(t, 1, got.count())
}

func TestNoProxyIsTakenFromTheEnvironment(t *testing.T) {
	proxy, atProxy := serve(t, says(http.StatusOK, ""))
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, proxy.URL)
	}
	server, got := serve(t, says(http.StatusOK, ""))
	c := client(func(o *endpoints.Options) {
		o.Resolver = names(t, map[string][]string{"hooks.example.test": {"127.0.0.1"}})
	})
	_, err := c.Deliver(t.Context(), webhook(strings.Replace(server.URL, "127.0.0.1", "hooks.example.test", 1)), parcel())
	require.NoError(t, err)
	require.Equal(t, 1, got.count())
	require.Zero(t, atProxy.count())
}
