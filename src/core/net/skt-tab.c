/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-tab.h"

#include "skt-checksum.h"
#include "skt-encoding.h"
#include "skt-endpoint.h"
#include "skt-message-json.h"

#include <string.h>

typedef enum
{
  FIELD_TEXT,
  FIELD_BOOLEAN,
  FIELD_NUMBER,
} FieldType;

/* What is simple is a line here; the rest of the message is below. */
typedef struct
{
  const char *name;
  FieldType type;
  gsize offset;
  int min, max;
} Field;

#define TEXT(name, member) { name, FIELD_TEXT, G_STRUCT_OFFSET (SktTab, member), 0, 0 }
#define BOOLEAN(name, member) { name, FIELD_BOOLEAN, G_STRUCT_OFFSET (SktTab, member), 0, 0 }
#define NUMBER(name, member, min, max) { name, FIELD_NUMBER, G_STRUCT_OFFSET (SktTab, member), min, max }

static const Field fields[] = {
  TEXT ("host", host),
  TEXT ("port", port),
  TEXT ("local-address", local_address),
  TEXT ("local-port", local_port),
  NUMBER ("timeout", timeout_s, 0, 86400),
  BOOLEAN ("closes-with-peer", closes_with_peer),
  BOOLEAN ("no-delay", no_delay),
  NUMBER ("backlog", backlog, 1, G_MAXINT),
  BOOLEAN ("no-reuse", no_reuse),
  BOOLEAN ("echo", echo),
  TEXT ("allow", allow),
  TEXT ("deny", deny),
  NUMBER ("max-connections", max_connections, 0, G_MAXINT),
  NUMBER ("max-per-address", max_per_address, 0, G_MAXINT),
  TEXT ("socket-options", socket_options),
  TEXT ("view", view),
  TEXT ("mode", mode),
  TEXT ("encoding", encoding),
  TEXT ("frame-rule", frame_rule),
  TEXT ("frame-check", frame_check),
  NUMBER ("bytes-per-row", bytes_per_row, 1, 1024),
  TEXT ("source", source),
  BOOLEAN ("escapes", message.has_escapes),
  BOOLEAN ("placeholders", message.has_placeholders),
  BOOLEAN ("has-checksum", message.has_checksum),
  NUMBER ("checksum-begin", message.checksum_begin, G_MININT, G_MAXINT),
  NUMBER ("checksum-end", message.checksum_end, G_MININT, G_MAXINT),
  NUMBER ("checksum-at", message.checksum_at, G_MININT, G_MAXINT),
  BOOLEAN ("checksum-is-little", message.checksum_is_little),
};

static const char *const kind_names[] = { "client", "server", NULL };
G_STATIC_ASSERT (G_N_ELEMENTS (kind_names) == SKT_N_TAB_KINDS + 1);
static const char *const form_names[] = { "text", "hex", "base64", NULL };
G_STATIC_ASSERT (G_N_ELEMENTS (form_names) == SKT_N_MESSAGE_FORMS + 1);

#define AT(self, field, type) ((type *) G_STRUCT_MEMBER_P ((self), (field)->offset))

SktTab *
skt_tab_new (SktTabKind kind)
{
  SktTab *self = g_new0 (SktTab, 1);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].type == FIELD_TEXT)
      *AT (self, &fields[i], char *) = g_strdup ("");
  self->kind = kind;
  self->timeout_s = 10;
  self->closes_with_peer = self->no_delay = TRUE;
  self->backlog = 128;
  self->bytes_per_row = 16;
  return self;
}

void
skt_tab_free (SktTab *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].type == FIELD_TEXT)
      g_free (*AT (self, &fields[i], char *));
  g_free (self);
}

JsonObject *
skt_tab_to_json (const SktTab *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", kind_names[self->kind]);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const Field *field = &fields[i];

      if (field->type == FIELD_BOOLEAN)
        json_object_set_boolean_member (object, field->name, *AT (self, field, gboolean));
      else if (field->type == FIELD_NUMBER)
        json_object_set_int_member (object, field->name, *AT (self, field, int));
      else if (strlen (*AT (self, field, char *)) <= SKT_TAB_MAX_TEXT)
        json_object_set_string_member (object, field->name, *AT (self, field, char *));
    }
  json_object_set_string_member (object, "form", form_names[self->message.form]);
  json_object_set_string_member (object, "send-encoding", skt_encoding_get_name (self->message.encoding));
  json_object_set_string_member (object, "line-ending", skt_line_ending_ids[self->message.ending]);
  json_object_set_string_member (object, "checksum", skt_checksum_get_id (self->message.checksum));
  return object;
}

static gboolean
read_field (SktTab *self, const Field *field, JsonObject *tainted_object, GError **error)
{
  const char *tainted_text = NULL;
  gint64 number;

  if (field->type == FIELD_BOOLEAN)
    return skt_json_read_boolean (tainted_object, field->name, AT (self, field, gboolean), error);
  if (field->type == FIELD_NUMBER)
    {
      number = *AT (self, field, int);
      if (!skt_json_read_int (tainted_object, field->name, field->min, field->max, &number, error))
        return FALSE;
      *AT (self, field, int) = (int) number;
      return TRUE;
    }
  if (!skt_json_read_string (tainted_object, field->name, &tainted_text, error))
    return FALSE;
  if (tainted_text != NULL && strlen (tainted_text) <= SKT_TAB_MAX_TEXT)
    {
      g_free (*AT (self, field, char *));
      *AT (self, field, char *) = g_strdup (tainted_text);
    }
  return TRUE;
}

static gboolean
read_message (SktTab *self, JsonObject *tainted_object, GError **error)
{
  guint form = self->message.form, ending = self->message.ending;
  const char *tainted_encoding = NULL, *tainted_checksum = NULL;

  if (!skt_json_read_choice (tainted_object, "form", form_names, &form, error) ||
      !skt_json_read_choice (tainted_object, "line-ending", skt_line_ending_ids, &ending, error) ||
      !skt_json_read_string (tainted_object, "send-encoding", &tainted_encoding, error) ||
      !skt_json_read_string (tainted_object, "checksum", &tainted_checksum, error))
    return FALSE;
  self->message.form = form;
  self->message.ending = ending;
  if (tainted_encoding != NULL)
    skt_encoding_from_name (tainted_encoding, &self->message.encoding);
  /* A checksum that this version does not know is none: another would be sent otherwise. */
  if (tainted_checksum != NULL && !skt_checksum_from_id (tainted_checksum, &self->message.checksum))
    self->message.has_checksum = FALSE;
  return TRUE;
}

SktTab *
skt_tab_from_json (JsonObject *tainted_object, GError **error)
{
  guint kind = SKT_TAB_CLIENT;
  g_autoptr (SktTab) self = NULL;

  if (!skt_json_read_choice (tainted_object, "kind", kind_names, &kind, error))
    return NULL;
  self = skt_tab_new (kind);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!read_field (self, &fields[i], tainted_object, error))
      return NULL;
  if (!read_message (self, tainted_object, error))
    return NULL;
  return g_steal_pointer (&self);
}

char *
skt_tab_dup_title (SktTabKind kind, const char *host, const char *port)
{
  int number = skt_endpoint_parse_port (port, 1, NULL);
  g_autofree char *endpoint = NULL;

  if (number < 0 || (kind == SKT_TAB_CLIENT && *host == '\0'))
    return NULL;
  if (kind == SKT_TAB_SERVER)
    return g_strdup_printf ("⇠ :%d", number);
  endpoint = skt_endpoint_format (host, number);
  return g_strdup_printf ("→ %s", endpoint);
}
