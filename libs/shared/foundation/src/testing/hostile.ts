const utf8 = new TextEncoder();
const mebibyte = 1024 * 1024;
const deep = 200_000;

/** Text that somebody may send where JSON of ours is expected. */
const hostileTexts: Readonly<Record<string, string>> = {
  nothing: '',
  'white space': ' \n\t ',
  'half of JSON': '{"v":1,',
  'JSON and more': '{"v":1}}',
  'a page of HTML': '<html><body>502</body></html>',
  null: 'null',
  'a number': '1',
  'a text': '"text"',
  'an empty list': '[]',
  'an empty object': '{}',
  '200,000 lists': '['.repeat(deep) + ']'.repeat(deep),
  '200,000 objects': '{"a":'.repeat(deep) + '1' + '}'.repeat(deep),
  '100,000 fields': `{${Array.from({ length: 100_000 }, (_, index) => `"${index}":0`).join(',')}}`,
  'the same field twice': '{"v":1,"v":99}',
  'a version of the past': '{"v":0}',
  'a version of the future': '{"v":99}',
  'a version that is a text': '{"v":"1"}',
  'numbers for texts': '{"v":1,"at":7,"instance":7,"id":7,"cluster":7,"project":7,"token":7,"name":7,"key":7}',
  'texts for numbers': '{"v":1,"at":"x","number":"7","fence":"7","leaseTransitions":"7","items":"7","entries":"7"}',
  'no number': '{"v":NaN}',
  'a number without end': '{"v":1,"number":1e999,"leaseTransitions":1e999,"generation":1e999}',
  'a number that doubles cannot hold': '{"v":1,"number":9007199254740993,"generation":9007199254740993}',
  'a negative length': '{"v":1,"items":{"length":-1},"entries":{"length":4294967296}}',
  'a prototype': '{"__proto__":{"v":1,"admin":true},"v":1}',
  'a constructor': '{"constructor":{"prototype":{"v":1}},"toString":1,"hasOwnProperty":1,"v":1}',
  'half a character': String.raw`{"v":1,"at":"\ud800","instance":"\udfff"}`,
  'the character zero': String.raw`{"v":1,"at":"\u0000","instance":"a\u0000b"}`,
  'text that runs backwards': '{"v":1,"at":"\u202Eevil\u202C","instance":"\u2066"}',
  'orders to a terminal': String.raw`{"v":1,"at":"\u001b[2J\u001b]0;x\u0007","instance":"\r\n"}`,
  'a mebibyte': `{"v":1,"at":"${'x'.repeat(mebibyte - 15)}"}`,
  'a mebibyte and a byte': `{"v":1,"at":"${'x'.repeat(mebibyte - 14)}"}`,
};

/** Bytes that somebody may send where JSON of ours is expected, by what they are. */
export const hostileBytes: Readonly<Record<string, Uint8Array>> = {
  ...Object.fromEntries(Object.entries(hostileTexts).map(([what, text]) => [what, utf8.encode(text)])),
  'a zero byte': Uint8Array.of(0),
  'bytes that are no UTF-8': Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d),
  'a slash written too long': Uint8Array.of(0x22, 0xc0, 0xaf, 0x22),
  'half a surrogate as bytes': Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22),
  'UTF-16': Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00),
  'something zipped': Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0),
};

/** Values that may stand where a record or an object of ours should: all of them are JSON. */
export const hostileValues: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  'a negative number': -1,
  'a large number': 9_007_199_254_740_992,
  'an empty text': '',
  'a text': 'text',
  'a long text': 'x'.repeat(100_000),
  'text that runs backwards': '\u202Eevil',
  'an empty list': [],
  'a list of nothing': [null],
  'an empty object': {},
  'an object of nothing': { spec: null, source: null, metadata: null, length: -1 },
  'a prototype': JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":1},"toString":null}') as unknown,
  'a thousand levels': JSON.parse('{"a":'.repeat(1_000) + '1' + '}'.repeat(1_000)) as unknown,
};
