/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "fuzz-driver.h"

#include "check-pattern.h"
#include "skt-error.h"
#include "skt-hit-scanner.h"

#include <string.h>

/* Input: two bytes that choose kind, case, encoding and how streams are cut; the pattern's text up to a NUL; what is
 * searched. */

/* -- In pieces ----------------------------------------------------------------------------------------------- */

typedef struct
{
  GString *list;
} Pieces;

static void
found_cb (const SktFoundHit *hit, gpointer user_data)
{
  Pieces *pieces = user_data;
  guint64 length = 0;

  g_assert_false (hit->is_withdrawn);
  for (guint i = 0; i < hit->n_parts; i++)
    length += hit->parts[i].length;
  /* The stream's bytes are at twice their place in the payload, so that parts can be told. */
  g_assert_cmpuint (hit->stream_end * 2, >=, hit->parts[0].offset + length);
  g_string_append_printf (pieces->list, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, pieces->list->len > 0 ? " " : "",
                          hit->stream_end - length, hit->stream_end);
}

/* What is found does not depend on where the stream is cut, nor on what other streams have between. */
static void
check_pieces (SktPattern *pattern, const uint8_t *bytes, size_t length, guint cut, const char *expected)
{
  g_autoptr (GString) list = g_string_new (NULL);
  Pieces pieces = { list };
  SktHitScanner *scanner = skt_hit_scanner_new (pattern, found_cb, &pieces);
  SktRawHits raw;

  skt_raw_hits_init (&raw);
  for (size_t at = 0, i = 0; at < length; i++)
    {
      size_t n = MIN (length - at, 1 + (cut >> (i % 5)) % 40);

      skt_raw_hits_fill (&raw, pattern, bytes + at, n);
      skt_hit_scanner_feed (scanner, 3, at, at * 2, bytes + at, n, i % 2 == 0 ? &raw : NULL, 0);
      at += n;
    }
  skt_hit_scanner_settle (scanner);
  skt_hit_scanner_free (scanner);
  skt_raw_hits_clear (&raw);
  g_assert_cmpstr (list->str, ==, expected);
}

/* -- As a whole ---------------------------------------------------------------------------------------------- */

static void
check_refused (const GError *error, gsize position, const char *text)
{
  g_assert_true (error->domain == SKT_ERROR);
  g_assert_true (error->code == SKT_ERROR_BAD_PATTERN || error->code == SKT_ERROR_BAD_CHARACTER
                 || error->code == SKT_ERROR_BAD_HEX || error->code == SKT_ERROR_HALF_BYTE);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (position, <=, strlen (text));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *nul = size > 2 ? memchr (data + 2, '\0', size - 2) : NULL;
  SktPatternKind kind;
  SktEncoding encoding;
  gboolean match_case;
  g_autofree char *text = NULL;
  g_autofree char *list = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SktPattern) pattern = NULL;
  const uint8_t *bytes;
  gsize position = 0, length;

  if (nul == NULL)
    return 0;
  kind = (data[0] & 0x7F) % SKT_N_PATTERN_KINDS;
  match_case = data[0] >> 7;
  encoding = data[1] % SKT_N_ENCODINGS;
  text = g_strndup ((const char *) data + 2, nul - data - 2);
  bytes = nul + 1;
  length = data + size - bytes;

  pattern = skt_pattern_new (kind, text, encoding, match_case, &position, &error);
  if (pattern == NULL)
    {
      check_refused (error, position, text);
      return 0;
    }
  /* Expressions may take as long as they like: not here. */
  if (kind == SKT_PATTERN_REGEX && (strpbrk (text, "*+{") != NULL || length > 500))
    return 0;
  list = check_pattern_list (pattern, bytes, length);
  if (kind != SKT_PATTERN_REGEX)
    {
      g_autofree char *expected = check_pattern_list_naively (kind, text, encoding, match_case, bytes, length);

      g_assert_cmpstr (list, ==, expected);
    }
  check_pieces (pattern, bytes, length, data[0] * 256 + data[1], list);
  return 0;
}
