/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-preset-store.h"

#include "skt-error.h"
#include "skt-json-file.h"
#include "skt-json.h"

#include <glib/gi18n-lib.h>

#define FORMAT "socketeer-presets"
#define VERSION 1
#define MAX_UNDO 100

/* The presets are immutable, so a state of before is an array of references. */
struct _SktPresetStore
{
  GObject parent_instance;

  GPtrArray *presets;  /* of SktPreset; those of a group stand together */
  GPtrArray *undo;     /* of GPtrArray of SktPreset, the last state last */
  SktJsonFile *file;
  char *problem;
  gboolean is_loading; /* what changes now comes from the file */
};

enum
{
  PROP_0,
  PROP_PROBLEM,
  PROP_CAN_UNDO,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SktPresetStore, skt_preset_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* -- GListModel ---------------------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return SKT_TYPE_PRESET;
}

static guint
get_n_items (GListModel *model)
{
  return SKT_PRESET_STORE (model)->presets->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  SktPresetStore *self = SKT_PRESET_STORE (model);
  return position < self->presets->len ? g_object_ref (self->presets->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* -- States -------------------------------------------------------------------------------------------------- */

static void
set_problem (SktPresetStore *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

static GPtrArray *
copy_state (GPtrArray *presets)
{
  GPtrArray *copy = g_ptr_array_new_full (presets->len, g_object_unref);

  for (guint i = 0; i < presets->len; i++)
    g_ptr_array_add (copy, g_object_ref (presets->pdata[i]));
  return copy;
}

/* Takes `presets`. What is the same at both ends is not told. */
static void
set_state (SktPresetStore *self, GPtrArray *presets)
{
  g_autoptr (GPtrArray) before = self->presets;
  guint begin = 0, end = 0, n_least = MIN (before->len, presets->len);

  self->presets = presets;
  while (begin < n_least && before->pdata[begin] == presets->pdata[begin])
    begin++;
  while (end < n_least - begin && before->pdata[before->len - 1 - end] == presets->pdata[presets->len - 1 - end])
    end++;
  if (self->file != NULL && !self->is_loading)
    skt_json_file_changed (self->file);
  if (begin + end < MAX (before->len, presets->len))
    g_list_model_items_changed (G_LIST_MODEL (self), begin, before->len - begin - end, presets->len - begin - end);
}

/* Takes `presets`: a step that can be taken back. */
static void
change (SktPresetStore *self, GPtrArray *presets)
{
  gboolean could_undo = self->undo->len > 0;

  if (self->undo->len == MAX_UNDO)
    g_ptr_array_remove_index (self->undo, 0);
  g_ptr_array_add (self->undo, g_ptr_array_ref (self->presets));
  set_state (self, presets);
  if (!could_undo)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
}

gboolean
skt_preset_store_undo (SktPresetStore *self)
{
  g_return_val_if_fail (SKT_IS_PRESET_STORE (self), FALSE);

  if (self->undo->len == 0)
    return FALSE;
  set_state (self, g_ptr_array_steal_index (self->undo, self->undo->len - 1));
  if (self->undo->len == 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
  return TRUE;
}

/* -- Places -------------------------------------------------------------------------------------------------- */

static guint
find_id (GPtrArray *presets, const char *id)
{
  for (guint i = 0; i < presets->len; i++)
    if (g_str_equal (skt_preset_get_id (presets->pdata[i]), id))
      return i;
  return G_MAXUINT;
}

static gboolean
is_in_group (GPtrArray *presets, guint i, const char *group)
{
  return g_str_equal (skt_preset_get_group (presets->pdata[i]), group);
}

/* The position nearest to the wanted one at which one of the group may stand. */
static guint
fit_position (GPtrArray *presets, const char *group, guint position)
{
  guint first = G_MAXUINT, end = 0;

  position = MIN (position, presets->len);
  for (guint i = 0; i < presets->len; i++)
    if (is_in_group (presets, i, group))
      {
        first = MIN (first, i);
        end = i + 1;
      }
  if (first != G_MAXUINT)
    return CLAMP (position, first, end);
  /* A new group: not inside of another. */
  while (position > 0 && position < presets->len &&
         is_in_group (presets, position, skt_preset_get_group (presets->pdata[position - 1])))
    position++;
  return position;
}

/* Takes the preset. */
static void
insert_into (GPtrArray *presets, SktPreset *preset, guint position)
{
  g_ptr_array_insert (presets, fit_position (presets, skt_preset_get_group (preset), position), preset);
}

static SktPreset *
with_settings (SktPreset *preset, const char *group, SktPresetKey key)
{
  SktPresetSettings settings = *skt_preset_get_settings (preset);

  settings.group = group;
  settings.key = key;
  return skt_preset_new (&settings);
}

/* A key belongs to one. */
static void
take_key (GPtrArray *presets, SktPresetKey key)
{
  for (guint i = 0; key != SKT_PRESET_KEY_NONE && i < presets->len; i++)
    {
      SktPreset *preset = presets->pdata[i];

      if (skt_preset_get_settings (preset)->key != key)
        continue;
      presets->pdata[i] = with_settings (preset, skt_preset_get_group (preset), SKT_PRESET_KEY_NONE);
      g_object_unref (preset);
    }
}

SktPreset *
skt_preset_store_find (SktPresetStore *self, const char *id)
{
  guint position = skt_preset_store_get_position (self, id);
  return position != G_MAXUINT ? self->presets->pdata[position] : NULL;
}

guint
skt_preset_store_get_position (SktPresetStore *self, const char *id)
{
  g_return_val_if_fail (SKT_IS_PRESET_STORE (self) && id != NULL, G_MAXUINT);
  return find_id (self->presets, id);
}

SktPreset *
skt_preset_store_find_key (SktPresetStore *self, SktPresetKey key)
{
  g_return_val_if_fail (SKT_IS_PRESET_STORE (self), NULL);
  g_return_val_if_fail (key > SKT_PRESET_KEY_NONE && key < SKT_N_PRESET_KEYS, NULL);

  for (guint i = 0; i < self->presets->len; i++)
    if (skt_preset_get_settings (self->presets->pdata[i])->key == key)
      return self->presets->pdata[i];
  return NULL;
}

char **
skt_preset_store_dup_groups (SktPresetStore *self)
{
  g_autoptr (GStrvBuilder) groups = g_strv_builder_new ();

  g_return_val_if_fail (SKT_IS_PRESET_STORE (self), NULL);

  for (guint i = 0; i < self->presets->len; i++)
    if (i == 0 || !is_in_group (self->presets, i - 1, skt_preset_get_group (self->presets->pdata[i])))
      g_strv_builder_add (groups, skt_preset_get_group (self->presets->pdata[i]));
  return g_strv_builder_end (groups);
}

/* -- Changing ------------------------------------------------------------------------------------------------ */

void
skt_preset_store_insert (SktPresetStore *self, SktPreset *preset, guint position)
{
  GPtrArray *presets;
  guint before;

  g_return_if_fail (SKT_IS_PRESET_STORE (self) && SKT_IS_PRESET (preset));

  presets = copy_state (self->presets);
  before = find_id (presets, skt_preset_get_id (preset));
  if (before != G_MAXUINT)
    g_ptr_array_remove_index (presets, before);
  take_key (presets, skt_preset_get_settings (preset)->key);
  insert_into (presets, g_object_ref (preset), position);
  change (self, presets);
}

void
skt_preset_store_replace (SktPresetStore *self, SktPreset *preset)
{
  guint position;
  gboolean stays;

  g_return_if_fail (SKT_IS_PRESET_STORE (self) && SKT_IS_PRESET (preset));

  position = find_id (self->presets, skt_preset_get_id (preset));
  stays = position != G_MAXUINT && is_in_group (self->presets, position, skt_preset_get_group (preset));
  skt_preset_store_insert (self, preset, stays ? position : G_MAXUINT);
}

void
skt_preset_store_remove (SktPresetStore *self, const char *id)
{
  guint position = skt_preset_store_get_position (self, id);
  GPtrArray *presets;

  if (position == G_MAXUINT)
    return;
  presets = copy_state (self->presets);
  g_ptr_array_remove_index (presets, position);
  change (self, presets);
}

void
skt_preset_store_move (SktPresetStore *self, const char *id, const char *group, const char *before_id)
{
  guint position = skt_preset_store_get_position (self, id), before;
  GPtrArray *presets;
  SktPreset *preset;

  g_return_if_fail (group != NULL);

  if (position == G_MAXUINT || g_strcmp0 (id, before_id) == 0)
    return;
  presets = copy_state (self->presets);
  preset = g_ptr_array_steal_index (presets, position);
  before = before_id != NULL ? find_id (presets, before_id) : G_MAXUINT;
  if (!g_str_equal (skt_preset_get_group (preset), group))
    {
      SktPreset *moved = with_settings (preset, group, skt_preset_get_settings (preset)->key);
      g_object_unref (preset);
      preset = moved;
    }
  insert_into (presets, preset, before);
  change (self, presets);
}

gboolean
skt_preset_store_step (SktPresetStore *self, const char *id, int delta)
{
  guint position = skt_preset_store_get_position (self, id), beside;
  const char *group, *before_id = NULL;

  g_return_val_if_fail (delta == -1 || delta == 1, FALSE);

  if (position == G_MAXUINT || (delta < 0 ? position == 0 : position + 1 >= self->presets->len))
    return FALSE;
  beside = position + delta;
  group = skt_preset_get_group (self->presets->pdata[beside]);
  if (is_in_group (self->presets, position, group))
    {
      /* Behind the next one is before the one after it. */
      guint before = delta < 0 ? beside : beside + 1;
      if (before < self->presets->len && is_in_group (self->presets, before, group))
        before_id = skt_preset_get_id (self->presets->pdata[before]);
    }
  else if (delta > 0)
    before_id = skt_preset_get_id (self->presets->pdata[beside]);
  skt_preset_store_move (self, id, group, before_id);
  return TRUE;
}

static gboolean
has_key (GPtrArray *presets, SktPresetKey key)
{
  for (guint i = 0; i < presets->len; i++)
    if (skt_preset_get_settings (presets->pdata[i])->key == key)
      return TRUE;
  return FALSE;
}

GPtrArray *
skt_preset_store_add_all (SktPresetStore *self, GPtrArray *presets)
{
  GPtrArray *added = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *all;

  g_return_val_if_fail (SKT_IS_PRESET_STORE (self) && presets != NULL, added);

  if (presets->len == 0)
    return added;
  all = copy_state (self->presets);
  for (guint i = 0; i < presets->len; i++)
    {
      SktPresetSettings settings = *skt_preset_get_settings (presets->pdata[i]);
      SktPreset *preset;

      if (find_id (all, settings.id) != G_MAXUINT)
        settings.id = NULL;
      if (has_key (all, settings.key))
        settings.key = SKT_PRESET_KEY_NONE;
      preset = skt_preset_new (&settings);
      g_ptr_array_add (added, g_object_ref (preset));
      insert_into (all, preset, G_MAXUINT);
    }
  change (self, all);
  return added;
}

void
skt_preset_store_remove_all (SktPresetStore *self, GPtrArray *presets)
{
  GPtrArray *rest;

  g_return_if_fail (SKT_IS_PRESET_STORE (self) && presets != NULL);

  rest = copy_state (self->presets);
  for (guint i = 0; i < presets->len; i++)
    {
      guint position = find_id (rest, skt_preset_get_id (presets->pdata[i]));
      if (position != G_MAXUINT)
        g_ptr_array_remove_index (rest, position);
    }
  change (self, rest);
}

/* -- File ---------------------------------------------------------------------------------------------------- */

JsonObject *
skt_preset_store_to_json (SktPresetStore *self)
{
  JsonObject *object;
  JsonArray *array;

  g_return_val_if_fail (SKT_IS_PRESET_STORE (self), NULL);

  object = skt_json_object_new (FORMAT, VERSION);
  array = json_array_sized_new (self->presets->len);
  for (guint i = 0; i < self->presets->len; i++)
    json_array_add_object_element (array, skt_preset_to_json (self->presets->pdata[i]));
  json_object_set_array_member (object, "presets", array);
  return object;
}

GPtrArray *
skt_presets_from_json (JsonObject *tainted_object, guint *ret_n_bad, char **ret_problem, GError **error)
{
  g_autoptr (GPtrArray) presets = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *tainted_array = NULL;
  g_autofree char *problem = NULL;
  guint n, n_bad = 0;

  g_return_val_if_fail (tainted_object != NULL, NULL);

  if (!skt_json_check_format (tainted_object, FORMAT, VERSION, _ ("There are no presets in it"), error) ||
      !skt_json_read_array (tainted_object, "presets", &tainted_array, error))
    return NULL;
  n = tainted_array != NULL ? json_array_get_length (tainted_array) : 0;
  for (guint i = 0; i < n; i++)
    {
      JsonNode *tainted_node = json_array_get_element (tainted_array, i);
      g_autoptr (GError) local_error = NULL;
      SktPreset *preset = NULL;

      if (JSON_NODE_HOLDS_OBJECT (tainted_node))
        preset = skt_preset_from_json (json_node_get_object (tainted_node), &local_error);
      else
        g_set_error_literal (&local_error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("it is not an object"));
      if (preset != NULL)
        {
          g_ptr_array_add (presets, preset);
          continue;
        }
      n_bad++;
      if (problem == NULL)
        /* Translators: %1$u counts the presets of a file, %2$s says what is wrong with that one */
        problem = g_strdup_printf (_ ("preset %1$u: %2$s"), i + 1, local_error->message);
    }
  if (ret_n_bad != NULL)
    *ret_n_bad = n_bad;
  if (ret_problem != NULL)
    *ret_problem = g_steal_pointer (&problem);
  return g_steal_pointer (&presets);
}

static void
take_cb (JsonObject *tainted_object, gpointer user_data, GError **error)
{
  SktPresetStore *self = user_data;
  g_autoptr (GPtrArray) presets = NULL;
  g_autofree char *reason = NULL;
  guint n_bad = 0;

  presets = skt_presets_from_json (tainted_object, &n_bad, &reason, error);
  if (presets == NULL)
    return;
  self->is_loading = TRUE;
  g_ptr_array_unref (skt_preset_store_add_all (self, presets));
  self->is_loading = FALSE;
  g_ptr_array_set_size (self->undo, 0);
  if (n_bad > 0)
    g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, reason);
}

static JsonObject *
make_cb (gpointer user_data)
{
  return skt_preset_store_to_json (user_data);
}

static void
problem_cb (const char *problem, gpointer user_data)
{
  set_problem (user_data, problem);
}

SktPresetStore *
skt_preset_store_new (const char *path)
{
  SktPresetStore *self = g_object_new (SKT_TYPE_PRESET_STORE, NULL);

  if (path != NULL)
    {
      self->file = skt_json_file_new (path, make_cb, problem_cb, self);
      self->problem = skt_json_file_read (self->file, take_cb);
    }
  return self;
}

const char *
skt_preset_store_get_problem (SktPresetStore *self)
{
  g_return_val_if_fail (SKT_IS_PRESET_STORE (self), NULL);
  return self->problem;
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
skt_preset_store_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SktPresetStore *self = SKT_PRESET_STORE (object);

  if (prop_id == PROP_PROBLEM)
    g_value_set_string (value, self->problem);
  else if (prop_id == PROP_CAN_UNDO)
    g_value_set_boolean (value, self->undo->len > 0);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
skt_preset_store_finalize (GObject *object)
{
  SktPresetStore *self = SKT_PRESET_STORE (object);

  g_clear_pointer (&self->file, skt_json_file_free);
  g_ptr_array_unref (self->presets);
  g_ptr_array_unref (self->undo);
  g_free (self->problem);
  G_OBJECT_CLASS (skt_preset_store_parent_class)->finalize (object);
}

static void
skt_preset_store_class_init (SktPresetStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = skt_preset_store_get_property;
  object_class->finalize = skt_preset_store_finalize;
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
skt_preset_store_init (SktPresetStore *self)
{
  self->presets = g_ptr_array_new_with_free_func (g_object_unref);
  self->undo = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
}
