#!/usr/bin/env bash
# The principal of a client certificate, as Apache Kafka 4.3.0 takes it without mapping rules, is what Java's X500Principal.getName()
# makes of the subject (RFC 2253). cryptography 45.0.7's Name.rfc4514_string() writes other texts for the same subject, though RFC 4514
# is RFC 2253's successor: Java escapes an "=" inside a value and cryptography does not; for an attribute without a short name
# (emailAddress, organizationIdentifier) Java writes #hex of the value and cryptography plain text. So an ACL for the principal that a
# Python program prints matches nobody.
. "$(dirname "$0")/lib.sh"
prepare cryptography==45.0.7
bsh=$(jars org.apache-extras.beanshell:bsh:2.0b6)
cat > "$work/name.bsh" <<'JAVA'
bytes = java.util.Base64.getDecoder().decode(bsh.args[0]);
print(new javax.security.auth.x500.X500Principal(bytes).getName());
JAVA
check() { # SUBJECT JAVA CRYPTOGRAPHY
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj "$1" 2> "$work/openssl.log"
  local seen told
  seen=$("$python" -c 'import base64, sys; from cryptography import x509; print(base64.b64encode(x509.load_pem_x509_certificate(open(sys.argv[1], "rb").read()).subject.public_bytes()).decode())' "$work/cert.pem")
  seen=$("$java" -cp "$bsh" bsh.Interpreter "$work/name.bsh" "$seen")
  told=$("$python" -c 'import sys; from cryptography import x509; print(x509.load_pem_x509_certificate(open(sys.argv[1], "rb").read()).subject.rfc4514_string())' "$work/cert.pem")
  printf 'openssl -subj %s\n  Java          %s\n  cryptography  %s\n' "$1" "$seen" "$told"
  [ "$seen" = "$2" ] && [ "$told" = "$3" ] || { printf 'CHANGED: expected\n  %s\n  %s\n' "$2" "$3"; exit 1; }
}
check "/O=Acme/CN=svc" "CN=svc,O=Acme" "CN=svc,O=Acme"
check "/O=Acme/CN=team=pay" 'CN=team\=pay,O=Acme' "CN=team=pay,O=Acme"
check "/O=Acme/CN=svc/emailAddress=ops@example.com" "1.2.840.113549.1.9.1=#160f6f7073406578616d706c652e636f6d,CN=svc,O=Acme" "1.2.840.113549.1.9.1=ops@example.com,CN=svc,O=Acme"
