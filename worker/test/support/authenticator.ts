/**
 * A security key in software, as WebAuthn (level 3) describes one: real keys, real signatures, discoverable
 * credentials. A test may tell it to misbehave.
 */
export interface Authenticator {
  /** Whether it checks that the right person is there; true unless told otherwise. */
  verifiesUser: boolean;
  create(options: CreationOptions, origin: string): Promise<Record<string, unknown>>;
  get(options: RequestOptions, origin: string): Promise<Record<string, unknown>>;
}

export interface CreationOptions {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string };
  authenticatorSelection: { residentKey: string; userVerification: string };
  excludeCredentials?: { id: string }[];
}

export interface RequestOptions {
  challenge: string;
  rpId: string;
  userVerification: string;
  allowCredentials?: { id: string }[];
}

interface Credential {
  id: string;
  rpId: string;
  userHandle: string;
  privateKey: CryptoKey;
  uses: number;
}

type Bytes = Uint8Array<ArrayBuffer>;
const base64url = (bytes: Bytes) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
const utf8 = (text: string) => new TextEncoder().encode(text) as Bytes;
const sha256 = async (bytes: Bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

function concat(...parts: (Bytes | number[])[]): Bytes {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** CBOR (RFC 8949) of a byte string. */
function cborBytes(bytes: Bytes): Bytes {
  const { length } = bytes;
  return concat(
    length < 24 ? [0x40 | length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255],
    bytes,
  );
}

/** CBOR of a short text. */
function cborText(text: string): Bytes {
  return concat([0x60 | text.length], utf8(text));
}

/** The public key as COSE has it (RFC 9053): EC2, ES256, P-256, x, y. */
async function coseOf(publicKey: CryptoKey): Promise<Bytes> {
  const point = new Uint8Array((await crypto.subtle.exportKey('raw', publicKey)) as ArrayBuffer);
  const [x, y] = [cborBytes(point.slice(1, 33)), cborBytes(point.slice(33))];
  return concat([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21], x, [0x22], y);
}

/** A signature as WebAuthn wants it: ASN.1 DER instead of the two numbers side by side. */
function derOf(signature: Bytes): Bytes {
  const integer = (half: Bytes) => {
    const start = half.findIndex((byte) => byte !== 0);
    const digits = half.slice(start);
    const positive = (digits[0] ?? 0) & 0x80 ? concat([0], digits) : digits;
    return concat([0x02, positive.length], positive);
  };
  const body = concat(integer(signature.slice(0, 32)), integer(signature.slice(32)));
  return concat([0x30, body.length], body);
}

export function authenticator(): Authenticator {
  const credentials: Credential[] = [];
  const clientData = (type: string, challenge: string, origin: string) =>
    utf8(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const device: Authenticator = {
    verifiesUser: true,
    create: async ({ challenge, rp, user }, origin) => {
      const keys = { name: 'ECDSA', namedCurve: 'P-256' };
      const pair = (await crypto.subtle.generateKey(keys, true, ['sign', 'verify'])) as CryptoKeyPair;
      const id = crypto.getRandomValues(new Uint8Array(32));
      const credential = {
        id: base64url(id),
        rpId: rp.id,
        userHandle: user.id,
        privateKey: pair.privateKey,
        uses: 0,
      };
      credentials.push(credential);
      // Present, verified or not, attested.
      const flags = 0x41 | (device.verifiesUser ? 0x04 : 0);
      const authData = concat(
        await sha256(utf8(rp.id)),
        [flags, 0, 0, 0, 0],
        new Uint8Array(16),
        [0, id.length],
        id,
        await coseOf(pair.publicKey),
      );
      const attestation = concat(
        [0xa3],
        cborText('fmt'),
        cborText('none'),
        cborText('attStmt'),
        [0xa0],
        cborText('authData'),
        cborBytes(authData),
      );
      return {
        id: credential.id,
        rawId: credential.id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', challenge, origin)),
          attestationObject: base64url(attestation),
          transports: ['internal'],
        },
      };
    },
    get: async ({ challenge, rpId, allowCredentials }, origin) => {
      const credential = credentials.find(
        ({ id, rpId: boundTo }) =>
          boundTo === rpId &&
          (allowCredentials === undefined || allowCredentials.some((allowed) => allowed.id === id)),
      );
      if (credential === undefined) throw new Error('this authenticator has no such credential');
      credential.uses++;
      const flags = 0x01 | (device.verifiesUser ? 0x04 : 0);
      const authData = concat(await sha256(utf8(rpId)), [flags, 0, 0, 0, credential.uses]);
      const client = clientData('webauthn.get', challenge, origin);
      const signed = concat(authData, await sha256(client));
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
      const signature = new Uint8Array(await crypto.subtle.sign(algorithm, credential.privateKey, signed));
      return {
        id: credential.id,
        rawId: credential.id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(authData),
          signature: base64url(derOf(signature)),
          userHandle: credential.userHandle,
        },
      };
    },
  };
  return device;
}
