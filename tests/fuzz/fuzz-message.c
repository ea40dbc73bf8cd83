/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "fuzz-driver.h"

#include "skt-error.h"
#include "skt-message.h"

/* The first six bytes are what is chosen, the rest is what is typed. */
#define N_CHOICES 6

static void
check_refused (GError *error, gsize position, const char *source)
{
  g_assert_true (error->domain == SKT_ERROR);
  g_assert_true (error->code == SKT_ERROR_BAD_HEX || error->code == SKT_ERROR_HALF_BYTE || error->code == SKT_ERROR_BAD_CHARACTER
                 || error->code == SKT_ERROR_BAD_MESSAGE);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (position, <=, strlen (source));
}

/* A constant one is always the same, what is previewed is what is sent, and in its form it can be written again. */
static void
check_message (SktMessage *message)
{
  SktMessageContext context = { .index = 5, .time_us = 1, .seed = 9 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = skt_message_expand (message, &context, &error);
  g_autoptr (GBytes) again = skt_message_expand (message, &context, NULL);
  g_autoptr (SktMessage) copy = NULL;
  g_autoptr (GBytes) copied = NULL;

  if (bytes == NULL)
    {
      g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_MESSAGE);
      g_assert_false (skt_message_is_constant (message));
      return;
    }
  g_assert_true (g_bytes_equal (bytes, again));
  g_assert_true (!skt_message_is_constant (message) || bytes == again);
  if (g_bytes_get_size (bytes) > 65536)
    return;
  copy = skt_message_new_in_form (skt_message_get_settings (message), bytes);
  copied = skt_message_expand (copy, NULL, NULL);
  g_assert_true (skt_message_is_constant (copy));
  g_assert_true (g_bytes_equal (copied, bytes));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  SktMessageSettings settings = { 0, };
  g_autofree char *source = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = NULL;
  gsize position = 0;

  if (size < N_CHOICES)
    return 0;
  source = g_strndup ((const char *) data + N_CHOICES, size - N_CHOICES);
  settings.source = source;
  settings.form = data[0] % SKT_N_MESSAGE_FORMS;
  settings.encoding = data[1] % SKT_N_ENCODINGS;
  settings.ending = data[2] % SKT_N_LINE_ENDINGS;
  settings.has_escapes = (data[3] & 1) == 0;
  settings.has_placeholders = (data[3] & 2) == 0;
  settings.has_checksum = (data[3] & 4) != 0;
  settings.checksum_is_little = (data[3] & 8) != 0;
  settings.checksum = data[4] % SKT_N_CHECKSUMS;
  settings.checksum_begin = (int8_t) data[5] / 16;
  settings.checksum_at = (int8_t) (data[5] << 4) / 16;
  message = skt_message_new (&settings, &position, &error);
  if (message == NULL)
    check_refused (error, position, source);
  else
    check_message (message);
  return 0;
}
