/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "fuzz-driver.h"

#include "check-codec.h"
#include "skt-payload.h"

#include <string.h>

/* g_utf8_validate() takes no NUL. */
static void
check_utf8 (const GString *text)
{
  const char *end = text->str + text->len;

  for (const char *p = text->str; p <= end; p += strlen (p) + 1)
    g_assert_true (g_utf8_validate (p, -1, NULL));
}

/* The stream's text in pieces, whose lengths come from the bytes themselves, is that in one piece. */
static void
check_pieces (SktEncoding encoding, gsize max_bytes, const uint8_t *data, size_t size)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) plain = g_string_new (NULL);
  SktCarry carry = { 0 };

  skt_decode_append_plain (encoding, NULL, data, size, TRUE, whole);
  for (size_t offset = 0; offset < size;)
    {
      gsize wanted = 1 + (data[offset] * 7 + offset) % 13;
      gsize n = MIN (wanted, size - offset);

      check_piece (encoding, &carry, data + offset, n, max_bytes, plain, NULL);
      offset += n;
    }
  g_assert_true (g_string_equal (whole, plain));
  check_utf8 (whole);
}

/* What can be encoded is decoded to the same text again. */
static void
check_encode (SktEncoding encoding, const uint8_t *data, size_t size)
{
  gsize position = G_MAXSIZE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = skt_encoding_encode (encoding, (const char *) data, size, &position, &error);
  g_autoptr (GBytes) payload =
      skt_payload_from_text ((const char *) data, size, encoding, SKT_LINE_ENDING_CRLF, NULL, NULL);

  g_assert_true ((bytes == NULL) == (payload == NULL));
  if (bytes == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpuint (position, <, size);
    }
  else if (encoding != SKT_ENCODING_SHIFT_JIS) /* which reads some characters by another name */
    {
      g_autoptr (GString) text = g_string_new (NULL);

      skt_decode_append_plain (encoding, NULL, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), TRUE, text);
      g_assert_cmpmem (text->str, text->len, data, size);
    }
}

/* The first byte chooses the encoding, the second the length of rows. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  SktEncoding encoding;
  gsize max_bytes;

  if (size < 3)
    return 0;
  encoding = data[0] % SKT_N_ENCODINGS;
  max_bytes = data[1] < 128 ? 1 + data[1] % 16 : 1024;
  check_pieces (encoding, max_bytes, data + 2, size - 2);
  check_encode (encoding, data + 2, size - 2);
  return 0;
}
