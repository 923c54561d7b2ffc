WITH statuses AS (
  /* odg/continuous-flow-cryotherapy@1.0.0: TRUE is met, FALSE is not met, NULL is not documented. */
  SELECT
    *,
    request__service = 'continuous_flow_cryotherapy'
    AND (
      request__duration_days > 7
      OR request__body_region IN ('shoulder', 'knee', 'carpal_tunnel', 'neck', 'low_back')
    ) AS p_applies, /* Scope: request.service == "continuous_flow_cryotherapy" && (request.duration_days > 7 || request.body_region in ["shoulder", "knee", "carpal_tunnel", "neck", "low_back"]) */
    request__postoperative AS p__postoperative, /* The unit is for use after surgery. */
    request__body_region IN ('shoulder', 'knee', 'carpal_tunnel') AS p__site, /* The surgery is on the shoulder or the knee, or is for carpal tunnel syndrome. */
    request__duration_days <= 7 AS p__duration, /* Use is limited to 7 days, home use included. */
    request__acquisition = 'purchase' AS p__purchase /* The unit is to be bought. */
  FROM requests
), verdict AS (
  /* What the policy says of the request, by its groups, exclusions and conditions. */
  SELECT
    *,
    CASE
      WHEN COALESCE(p_applies, TRUE)
      THEN (
        p__postoperative AND p__site AND p__duration
      )
      AND NOT CASE
        WHEN p__purchase IS NULL
        AND NOT COALESCE(LIST_CONTAINS(conflicting, 'request.acquisition'), FALSE)
        THEN FALSE
        ELSE p__purchase
      END
    END AS p_recommends
  FROM statuses
)
/* The result: one row for each request. */
SELECT
  case_id AS case_id,
  request_id AS request_id,
  CASE p_applies
    WHEN TRUE
    THEN 'met'
    WHEN FALSE
    THEN 'not_met'
    ELSE 'not_documented'
  END AS applies,
  CASE
    WHEN COALESCE(p_applies, TRUE)
    THEN CASE p_recommends
      WHEN TRUE
      THEN 'recommended'
      WHEN FALSE
      THEN 'not_recommended'
      ELSE 'undetermined'
    END
  END AS recommendation,
  p__postoperative AS criterion__postoperative, /* The unit is for use after surgery. */
  p__site AS criterion__site, /* The surgery is on the shoulder or the knee, or is for carpal tunnel syndrome. */
  p__duration AS criterion__duration, /* Use is limited to 7 days, home use included. */
  p__purchase AS criterion__purchase, /* The unit is to be bought. */
  CASE
    WHEN COALESCE(NOT p_recommends, FALSE)
    THEN CASE
      WHEN NOT COALESCE(p_applies, TRUE) OR COALESCE(NOT p__duration, FALSE)
      THEN CASE
        WHEN (
          COALESCE(p_applies, TRUE) AND COALESCE(NOT p__duration, FALSE)
        )
        AND (
          NOT COALESCE(p_applies, TRUE)
          OR COALESCE(
            COALESCE(
              request__service = 'continuous_flow_cryotherapy'
              AND (
                7 > 7
                OR request__body_region IN ('shoulder', 'knee', 'carpal_tunnel', 'neck', 'low_back')
              ),
              TRUE
            )
            AND (
              (
                p__postoperative AND p__site AND 7 <= 7
              )
              AND NOT CASE
                WHEN p__purchase IS NULL
                AND NOT COALESCE(LIST_CONTAINS(conflicting, 'request.acquisition'), FALSE)
                THEN FALSE
                ELSE p__purchase
              END
            ),
            FALSE
          )
        )
        THEN [
          {'fact': 'request.duration_days', 'requested': CAST(request__duration_days AS DOUBLE), 'supported': CAST('7.0' AS DOUBLE), 'inclusive': TRUE}
        ]
      END
    END
  END AS supported
FROM verdict