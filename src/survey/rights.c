#include "survey/survey.h"

enum reach { NOWHERE, OWN, EVERYWHERE };

/* Who may do what, and where: own is the contact's institution. */
static const enum reach rights[ACTION_COUNT][ROLE_COUNT] = {
    /*                      CONTACT  COORDINATOR RESEARCHER  EXPERT      ADMINISTRATOR */
    [ACTION_FILL]       = { OWN,     NOWHERE,    NOWHERE,    EVERYWHERE, NOWHERE    },
    [ACTION_SUBMIT]     = { OWN,     NOWHERE,    NOWHERE,    EVERYWHERE, NOWHERE    },
    [ACTION_TALK]       = { OWN,     NOWHERE,    NOWHERE,    EVERYWHERE, NOWHERE    },
    [ACTION_COLLEAGUES] = { OWN,     NOWHERE,    NOWHERE,    NOWHERE,    NOWHERE    },
    [ACTION_SEE_FIELD]  = { NOWHERE, EVERYWHERE, NOWHERE,    NOWHERE,    EVERYWHERE },
    [ACTION_FRAME]      = { NOWHERE, EVERYWHERE, NOWHERE,    NOWHERE,    EVERYWHERE },
    [ACTION_MAIL]       = { NOWHERE, EVERYWHERE, NOWHERE,    NOWHERE,    EVERYWHERE },
    [ACTION_STEER]      = { NOWHERE, EVERYWHERE, NOWHERE,    NOWHERE,    EVERYWHERE },
    [ACTION_ON_BEHALF]  = { NOWHERE, EVERYWHERE, NOWHERE,    NOWHERE,    NOWHERE    },
    [ACTION_QUERY]      = { NOWHERE, EVERYWHERE, NOWHERE,    NOWHERE,    NOWHERE    },
    [ACTION_ANSWER]     = { OWN,     NOWHERE,    NOWHERE,    EVERYWHERE, NOWHERE    },
    [ACTION_PUBLISH]    = { NOWHERE, EVERYWHERE, NOWHERE,    NOWHERE,    EVERYWHERE },
    [ACTION_EXPORT]     = { NOWHERE, EVERYWHERE, EVERYWHERE, NOWHERE,    EVERYWHERE },
    [ACTION_ACCOUNTS]   = { NOWHERE, NOWHERE,    NOWHERE,    NOWHERE,    EVERYWHERE },
    [ACTION_AUDIT]      = { NOWHERE, NOWHERE,    NOWHERE,    NOWHERE,    EVERYWHERE },
};

bool rights_allow(const struct actor *actor, enum action action, int64_t institution) {
  enum reach reach = rights[action][actor->role];
  return reach == EVERYWHERE || (reach == OWN && actor->institution != 0 && actor->institution == institution);
}
