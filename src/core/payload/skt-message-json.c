/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message-json.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>

/* Far more than any message is long: so that nothing computed with it overflows. */
#define MAX_OFFSET (1 << 30)

static const char *const form_ids[SKT_N_MESSAGE_FORMS + 1] = { "text", "hex", "base64", NULL };
const char *const skt_line_ending_ids[SKT_N_LINE_ENDINGS + 1] = { "none", "lf", "cr", "crlf", "nul", NULL };

static void
write_flag (JsonObject *object, const char *name, gboolean value)
{
  if (value)
    json_object_set_boolean_member (object, name, TRUE);
}

static void
write_checksum (JsonObject *object, const SktMessageSettings *settings)
{
  JsonObject *checksum;

  if (!settings->has_checksum && settings->checksum == 0 && settings->checksum_begin == 0 && settings->checksum_end == 0 &&
      settings->checksum_at == 0 && !settings->checksum_is_little)
    return;
  checksum = json_object_new ();
  json_object_set_boolean_member (checksum, "on", settings->has_checksum);
  json_object_set_string_member (checksum, "kind", skt_checksum_get_id (settings->checksum));
  json_object_set_int_member (checksum, "begin", settings->checksum_begin);
  json_object_set_int_member (checksum, "end", settings->checksum_end);
  json_object_set_int_member (checksum, "at", settings->checksum_at);
  json_object_set_boolean_member (checksum, "low-byte-first", settings->checksum_is_little);
  json_object_set_object_member (object, "checksum", checksum);
}

JsonObject *
skt_message_to_json (const SktMessage *self)
{
  const SktMessageSettings *settings = skt_message_get_settings (self);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "form", form_ids[settings->form]);
  json_object_set_string_member (object, "source", settings->source);
  json_object_set_string_member (object, "encoding", skt_encoding_get_name (settings->encoding));
  json_object_set_string_member (object, "line-ending", skt_line_ending_ids[settings->ending]);
  write_flag (object, "escapes", settings->has_escapes);
  write_flag (object, "placeholders", settings->has_placeholders);
  write_checksum (object, settings);
  return object;
}

static gboolean
read_encoding (JsonObject *tainted_object, SktEncoding *encoding, GError **error)
{
  const char *name = NULL;

  if (!skt_json_read_string (tainted_object, "encoding", &name, error))
    return FALSE;
  if (name == NULL || skt_encoding_from_name (name, encoding))
    return TRUE;
  g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("“encoding” is “%s”, which is not known"), name);
  return FALSE;
}

static gboolean
read_offset (JsonObject *tainted_object, const char *name, gint *offset, GError **error)
{
  gint64 value = 0;

  if (!skt_json_read_int (tainted_object, name, -MAX_OFFSET, MAX_OFFSET, &value, error))
    return FALSE;
  *offset = value;
  return TRUE;
}

static gboolean
read_checksum (JsonObject *tainted_object, SktMessageSettings *settings, GError **error)
{
  JsonObject *tainted_checksum = NULL;
  const char *kind = NULL;

  if (!skt_json_read_object (tainted_object, "checksum", &tainted_checksum, error))
    return FALSE;
  if (tainted_checksum == NULL)
    return TRUE;
  settings->has_checksum = TRUE;
  if (!skt_json_read_boolean (tainted_checksum, "on", &settings->has_checksum, error) ||
      !skt_json_read_string (tainted_checksum, "kind", &kind, error) ||
      !read_offset (tainted_checksum, "begin", &settings->checksum_begin, error) ||
      !read_offset (tainted_checksum, "end", &settings->checksum_end, error) ||
      !read_offset (tainted_checksum, "at", &settings->checksum_at, error))
    return FALSE;
  if (kind != NULL && !skt_checksum_from_id (kind, &settings->checksum))
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("“kind” is “%s”, which is no known checksum"), kind);
      return FALSE;
    }
  return skt_json_read_boolean (tainted_checksum, "low-byte-first", &settings->checksum_is_little, error);
}

SktMessage *
skt_message_from_json (JsonObject *tainted_object, GError **error)
{
  SktMessageSettings settings = { .form = SKT_MESSAGE_TEXT, .source = "", .encoding = SKT_ENCODING_UTF_8 };
  g_autoptr (GError) local_error = NULL;
  SktMessage *self;
  guint form = SKT_MESSAGE_TEXT, ending = SKT_LINE_ENDING_NONE;

  g_return_val_if_fail (tainted_object != NULL, NULL);

  if (!skt_json_read_choice (tainted_object, "form", form_ids, &form, error) ||
      !skt_json_read_string (tainted_object, "source", &settings.source, error) ||
      !read_encoding (tainted_object, &settings.encoding, error) ||
      !skt_json_read_choice (tainted_object, "line-ending", skt_line_ending_ids, &ending, error) ||
      !skt_json_read_boolean (tainted_object, "escapes", &settings.has_escapes, error) ||
      !skt_json_read_boolean (tainted_object, "placeholders", &settings.has_placeholders, error) ||
      !read_checksum (tainted_object, &settings, error))
    return NULL;
  settings.form = form;
  settings.ending = ending;
  self = skt_message_new (&settings, NULL, &local_error);
  if (self == NULL)
    /* Translators: %s says what is wrong in a message to be sent. “source” is a name in a file. */
    g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("“source” can't be sent: %s"), local_error->message);
  return self;
}
