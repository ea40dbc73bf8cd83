/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-recent.h"

#include "skt-endpoint.h"
#include "skt-error.h"
#include "skt-json-file.h"
#include "skt-json.h"

#include <glib/gi18n-lib.h>

#define FORMAT "socketeer-recent"
#define VERSION 1

struct _SktRecent
{
  GObject parent_instance;

  GPtrArray *entries; /* SktRecentEntry, the newest first */
  SktJsonFile *file;
  char *problem;
};

enum
{
  PROP_0,
  PROP_PROBLEM,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const char *const kind_names[] = { "connect", "listen", NULL };
G_STATIC_ASSERT (G_N_ELEMENTS (kind_names) == SKT_N_RECENT_KINDS + 1);

G_DEFINE_FINAL_TYPE (SktRecent, skt_recent, G_TYPE_OBJECT)

static void
entry_free (gpointer data)
{
  SktRecentEntry *entry = data;

  g_free (entry->endpoint);
  g_free (entry);
}

static gboolean
is_usable (SktRecentKind kind, const char *endpoint)
{
  g_autofree char *host = NULL;
  int port = -1;

  if (kind == SKT_RECENT_LISTEN)
    return skt_endpoint_parse_listen (endpoint, &host, &port, NULL) && port > 0;
  return skt_endpoint_parse (endpoint, &host, &port, NULL) && port > 0;
}

/* entries->len: it is not there. */
static guint
find (SktRecent *self, SktRecentKind kind, const char *endpoint)
{
  guint i;

  for (i = 0; i < self->entries->len; i++)
    {
      const SktRecentEntry *entry = g_ptr_array_index (self->entries, i);
      if (entry->kind == kind && g_ascii_strcasecmp (entry->endpoint, endpoint) == 0)
        break;
    }
  return i;
}

static gboolean
add (SktRecent *self, SktRecentKind kind, const char *endpoint, gint64 time)
{
  guint i = find (self, kind, endpoint);
  SktRecentEntry *entry;

  if (!is_usable (kind, endpoint))
    return FALSE;
  if (i < self->entries->len)
    {
      time = MAX (time, skt_recent_get (self, i)->time);
      g_ptr_array_remove_index (self->entries, i);
    }
  entry = g_new (SktRecentEntry, 1);
  entry->kind = kind;
  entry->endpoint = g_strdup (endpoint);
  entry->time = time;
  for (i = 0; i < self->entries->len && skt_recent_get (self, i)->time > time; i++)
    ;
  g_ptr_array_insert (self->entries, (int) i, entry);
  if (self->entries->len > SKT_RECENT_MAX)
    g_ptr_array_set_size (self->entries, SKT_RECENT_MAX);
  return TRUE;
}

static void
changed (SktRecent *self)
{
  if (self->file != NULL)
    skt_json_file_changed (self->file);
  g_signal_emit (self, signals[CHANGED], 0);
}

guint
skt_recent_get_n (SktRecent *self)
{
  g_return_val_if_fail (SKT_IS_RECENT (self), 0);
  return self->entries->len;
}

const SktRecentEntry *
skt_recent_get (SktRecent *self, guint i)
{
  g_return_val_if_fail (SKT_IS_RECENT (self), NULL);
  return i < self->entries->len ? g_ptr_array_index (self->entries, i) : NULL;
}

gboolean
skt_recent_add (SktRecent *self, SktRecentKind kind, const char *endpoint, gint64 time)
{
  g_return_val_if_fail (SKT_IS_RECENT (self) && kind < SKT_N_RECENT_KINDS && endpoint != NULL, FALSE);

  if (!add (self, kind, endpoint, time))
    return FALSE;
  changed (self);
  return TRUE;
}

void
skt_recent_remove (SktRecent *self, SktRecentKind kind, const char *endpoint)
{
  guint i;

  g_return_if_fail (SKT_IS_RECENT (self) && endpoint != NULL);

  i = find (self, kind, endpoint);
  if (i == self->entries->len)
    return;
  g_ptr_array_remove_index (self->entries, i);
  changed (self);
}

void
skt_recent_clear (SktRecent *self)
{
  g_return_if_fail (SKT_IS_RECENT (self));

  if (self->entries->len == 0)
    return;
  g_ptr_array_set_size (self->entries, 0);
  changed (self);
}

/* -- File ---------------------------------------------------------------------------------------------------- */

static void
problem_cb (const char *problem, gpointer user_data)
{
  SktRecent *self = user_data;

  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

static JsonObject *
make_cb (gpointer user_data)
{
  SktRecent *self = user_data;
  JsonObject *object = skt_json_object_new (FORMAT, VERSION);
  JsonArray *array = json_array_sized_new (self->entries->len);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const SktRecentEntry *entry = g_ptr_array_index (self->entries, i);
      JsonObject *member = json_object_new ();

      json_object_set_string_member (member, "kind", kind_names[entry->kind]);
      json_object_set_string_member (member, "endpoint", entry->endpoint);
      json_object_set_int_member (member, "time", entry->time);
      json_array_add_object_element (array, member);
    }
  json_object_set_array_member (object, "endpoints", array);
  return object;
}

static gboolean
take_entry (SktRecent *self, JsonNode *tainted_node, GError **error)
{
  JsonObject *tainted_object = JSON_NODE_HOLDS_OBJECT (tainted_node) ? json_node_get_object (tainted_node) : NULL;
  const char *tainted_endpoint = NULL;
  guint kind = SKT_RECENT_CONNECT;
  gint64 time = 0;

  if (tainted_object == NULL)
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("An endpoint is not an object"));
      return FALSE;
    }
  if (!skt_json_read_choice (tainted_object, "kind", kind_names, &kind, error) ||
      !skt_json_read_string (tainted_object, "endpoint", &tainted_endpoint, error) ||
      !skt_json_read_int (tainted_object, "time", 0, G_MAXINT64, &time, error))
    return FALSE;
  if (tainted_endpoint != NULL && add (self, kind, tainted_endpoint, time))
    return TRUE;
  g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("An endpoint is no address and port"));
  return FALSE;
}

static void
take_cb (JsonObject *tainted_object, gpointer user_data, GError **error)
{
  SktRecent *self = user_data;
  JsonArray *tainted_array = NULL;
  gboolean is_good = TRUE;

  if (!skt_json_check_format (tainted_object, FORMAT, VERSION, _ ("It is no list of endpoints"), error) ||
      !skt_json_read_array (tainted_object, "endpoints", &tainted_array, error) || tainted_array == NULL)
    return;
  /* The oldest first: of those with the same time the first of the file is the newest. */
  for (guint i = json_array_get_length (tainted_array); i > 0; i--)
    if (!take_entry (self, json_array_get_element (tainted_array, i - 1), is_good ? error : NULL))
      is_good = FALSE;
}

SktRecent *
skt_recent_new (const char *path)
{
  SktRecent *self = g_object_new (SKT_TYPE_RECENT, NULL);

  if (path != NULL)
    {
      self->file = skt_json_file_new (path, make_cb, problem_cb, self);
      self->problem = skt_json_file_read (self->file, take_cb);
    }
  return self;
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
skt_recent_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_PROBLEM)
    g_value_set_string (value, SKT_RECENT (object)->problem);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
skt_recent_finalize (GObject *object)
{
  SktRecent *self = SKT_RECENT (object);

  g_clear_pointer (&self->file, skt_json_file_free);
  g_ptr_array_unref (self->entries);
  g_free (self->problem);
  G_OBJECT_CLASS (skt_recent_parent_class)->finalize (object);
}

static void
skt_recent_class_init (SktRecentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = skt_recent_get_property;
  object_class->finalize = skt_recent_finalize;
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
skt_recent_init (SktRecent *self)
{
  self->entries = g_ptr_array_new_with_free_func (entry_free);
}
