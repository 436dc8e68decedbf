// Package rawjson judges JSON before anybody decodes it: what decoders silently repair (invalid
// UTF-8, lone surrogates, duplicate keys) or databases refuse (NUL) is refused at the door by name.
package rawjson
