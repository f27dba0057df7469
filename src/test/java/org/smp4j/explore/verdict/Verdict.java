package org.smp4j.explore.verdict;

/** What the explorer must say of a program. */
public enum Verdict {
    /** Nothing is wrong with it. */
    PASS,
    /** A thread throws in some schedule. */
    FAILURE,
    /** In some schedule no thread can go on. */
    DEADLOCK,
    /** In some schedule threads go round for ever. */
    LIVELOCK,
    /** In some schedule two threads use an object at once that is not made for that. */
    UNSAFE,
    /** It does something that is not modelled: no claim is made. */
    REFUSAL,
    /** Two accesses to a plain field are unordered, when such races are asked for. */
    RACE,
    /** All accesses to plain fields are ordered, when races are asked for. */
    NO_RACE
}
