/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "fuzz-driver.h"

#include "skt-error.h"
#include "skt-hex.h"

static void
check_refused (GError *error, gsize position, size_t size)
{
  g_assert_true (error->domain == SKT_ERROR);
  g_assert_true (error->code == SKT_ERROR_BAD_HEX || error->code == SKT_ERROR_HALF_BYTE);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (position, <=, size);
}

/* What was parsed is written and parsed again: the same bytes. */
static void
check_parsed (GBytes *bytes, const uint8_t *data, size_t size)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) again = NULL;
  gsize n_digits = 0;
  gsize n_zeros_of_prefixes = 0;

  for (size_t i = 0; i < size; i++)
    {
      n_digits += g_ascii_isxdigit (data[i]);
      n_zeros_of_prefixes += data[i] == '0' && i + 1 < size && (data[i + 1] | 0x20) == 'x';
    }
  g_assert_cmpuint (g_bytes_get_size (bytes) * 2, ==, n_digits - n_zeros_of_prefixes);

  skt_hex_append (text, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  again = skt_hex_parse (text->str, text->len, NULL, NULL);
  g_assert_true (again != NULL && g_bytes_equal (again, bytes));
}

static void
check_hexdump (const uint8_t *data, size_t size)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) pieces = g_string_new (NULL);
  gsize cut = size > 0 ? data[0] % size : 0;
  SktHexdump dump;

  skt_hexdump_init (&dump);
  skt_hexdump_append (&dump, whole, data, size);
  skt_hexdump_finish (&dump, whole);
  skt_hexdump_init (&dump);
  skt_hexdump_append (&dump, pieces, data, cut);
  skt_hexdump_append (&dump, pieces, data + cut, size - cut);
  skt_hexdump_finish (&dump, pieces);
  g_assert_true (g_string_equal (whole, pieces));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  gsize position = 0;
  g_autoptr (GBytes) bytes = skt_hex_parse ((const char *) data, size, &position, &error);

  if (bytes == NULL)
    check_refused (error, position, size);
  else
    check_parsed (bytes, data, size);
  check_hexdump (data, size);
  return 0;
}
