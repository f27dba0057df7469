package org.smp4j.explore.verdict;

/** The verdict that the explorer must give of a program. */
public enum Verdict {
    /** Nothing is wrong with it. */
    PASS,
    /** A thread throws in some schedule. */
    FAILURE,
    /** In some schedule no thread can go on. */
    DEADLOCK,
    /** In some schedule threads loop for ever. */
    LIVELOCK,
    /** In some schedule a thread ends the program with another status than 0. */
    EXIT,
    /** In some schedule two threads use an object at once that is not thread-safe. */
    UNSAFE,
    /** The program makes a call that is not modelled: no claim is made. */
    REFUSAL,
    /** Two accesses to a plain field are unordered, when such races are asked for. */
    RACE,
    /** All accesses to plain fields are ordered, when races are asked for. */
    NO_RACE
}
