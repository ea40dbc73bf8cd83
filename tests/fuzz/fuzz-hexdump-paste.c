/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "fuzz-driver.h"

#include "skt-error.h"
#include "skt-hex.h"
#include "skt-literal.h"
#include "skt-message.h"

#include <string.h>

static SktMessage *
paste (const char *source, gsize *position, GError **error)
{
  return skt_message_new (&(SktMessageSettings){ .form = SKT_MESSAGE_HEX, .source = source }, position, error);
}

/* As xxd writes it: groups of two bytes, and text without bars. */
static void
append_xxd (GString *text, const uint8_t *data, size_t size)
{
  for (size_t offset = 0; offset < size; offset += 16)
    {
      g_string_append_printf (text, "%08zx: ", offset);
      for (size_t i = 0; i < 16; i++)
        {
          if (offset + i < size)
            g_string_append_printf (text, "%02x", data[offset + i]);
          else
            g_string_append (text, "  ");
          if (i % 2 == 1)
            g_string_append_c (text, ' ');
        }
      g_string_append_c (text, ' ');
      for (size_t i = offset; i < MIN (offset + 16, size); i++)
        g_string_append_c (text, data[i] >= 0x20 && data[i] <= 0x7E ? data[i] : '.');
      g_string_append_c (text, '\n');
    }
}

/* What was written is read as those bytes. */
static void
check_read (const char *source, const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = paste (source, NULL, &error);
  g_autoptr (GBytes) bytes = NULL;

  if (message == NULL)
    g_error ("%s: %s", error->message, source);
  bytes = skt_message_expand (message, NULL, NULL);
  if (g_bytes_get_size (bytes) != size || (size > 0 && memcmp (g_bytes_get_data (bytes, NULL), data, size) != 0))
    g_error ("Other bytes are read from: %s", source);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *source = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = NULL;
  gsize position = 0;
  SktHexdump dump;

  /* Pasted as it is: read or refused, at a place that is there. */
  message = paste (source, &position, &error);
  g_assert_true (message != NULL || position <= strlen (source));
  g_assert_true (message != NULL || (error->domain == SKT_ERROR && g_utf8_validate (error->message, -1, NULL)));

  skt_hexdump_init (&dump);
  skt_hexdump_append (&dump, text, data, size);
  skt_hexdump_finish (&dump, text);
  check_read (text->str, data, size);
  g_string_truncate (text, 0);
  append_xxd (text, data, size);
  check_read (text->str, data, size);
  g_string_truncate (text, 0);
  skt_literal_append_c (text, data, size);
  check_read (text->str, data, size);
  return 0;
}
